"""From the words of a scene to what is drawn: which product, which place. English, German, Spanish, French."""

from __future__ import annotations

import re
import unicodedata

PRODUCTS: dict[str, str] = {
    "cup": "coffee kaffee cafe espresso cappuccino latte tea tee mug cup tasse taza becher matcha",
    "bottle": (
        "bottle flasche botella bouteille drink getrank bebida boisson water wasser agua eau juice saft "
        "zumo jus beer bier cerveza biere wine wein vino vin soda limonade smoothie kombucha oil "
        "aceite huile shampoo perfume parfum"
    ),
    "phone": (
        "phone smartphone handy telefon telefono telephone movil app software saas website webseite "
        "platform plattform plataforma plateforme dashboard online digital screen bildschirm pantalla "
        "ecran login abo subscription bank"
    ),
    "shoe": (
        "shoe shoes sneaker sneakers schuh schuhe laufschuh laufschuhe turnschuh zapato zapatos zapatilla "
        "zapatillas chaussure chaussures basket boot boots stiefel botas bottes sole"
    ),
    "tube": (
        "cream creme crema lotion serum cosmetic cosmetics kosmetik cosmetica cosmetique skincare "
        "hautpflege makeup toothpaste zahnpasta sunscreen sonnencreme balm gel tube tubo"
    ),
    "bag": (
        "bag tasche bolso sac backpack rucksack mochila handbag handtasche tote luggage koffer suitcase maleta valise"
    ),
    "car": (
        "car auto coche voiture vehicle fahrzeug vehiculo vehicule suv van truck lkw driving fahren drive "
        "elektroauto ev"
    ),
    "plant": (
        "plant pflanze planta plante garden garten jardin flower flowers blume blumen flor flores fleur "
        "fleurs seed seeds samen semilla dunger fertilizer houseplant tree baum"
    ),
    "bowl": (
        "food essen comida nourriture meal mahlzeit bowl schussel bol salad salat ensalada salade soup "
        "suppe sopa soupe pasta pizza burger restaurant muesli musli cereal cereales granola snack "
        "kitchen recipe rezept receta recette kochen"
    ),
    "box": (
        "box package paket packung paquete caja boite colis carton karton delivery lieferung entrega "
        "livraison parcel gift geschenk regalo cadeau kit set shipping versand"
    ),
}
"""Kind of product: the words that say so, folded to plain lower-case letters."""

PLACES: dict[str, str] = {
    "kitchen": "kitchen kuche cocina cuisine breakfast fruhstuck desayuno dejeuner cook kochen",
    "office": (
        "office buro oficina bureau desk schreibtisch escritorio meeting colleague kollege work arbeit trabajo travail"
    ),
    "cafe": "cafe bar barista restaurant bistro counter theke kaffeehaus",
    "park": ("park parque parc garden garten jardin tree trees forest wald bosque foret picnic picknick lawn wiese"),
    "hills": (
        "mountain mountains berg berge montana montagne hill hills trail beach strand playa plage sunrise "
        "sunset sonnenaufgang amanecer nature natur outdoors hike wandern lake see"
    ),
    "street": ("street strasse calle rue shop laden tienda boutique store sidewalk gehweg market markt mercado marche"),
    "city": (
        "city stadt ciudad ville skyline downtown commute pendler tram metro traffic verkehr town square platz plaza"
    ),
    "room": ("room zimmer salon living wohnzimmer home zuhause casa maison sofa couch bed bett cama lit bathroom bad"),
    "studio": "studio backdrop hintergrund fondo seamless spotlight",
}
"""Place: the words that say so."""


def find_kind(text: str, table: dict[str, str]) -> str:
    """Return the key of `table` whose words the text uses most (the earliest named wins a tie), or an empty string."""
    words = re.findall(r"[a-z]+", _plain(text))
    best, most = "", 0
    firsts: dict[str, int] = {}
    for kind, known in table.items():
        vocabulary = set(known.split())
        hits = [index for index, word in enumerate(words) if word in vocabulary]
        if hits:
            firsts[kind] = hits[0]
            if len(hits) > most or (len(hits) == most and firsts[kind] < firsts[best]):
                best, most = kind, len(hits)
    return best


def _plain(text: str) -> str:
    """Fold to lower-case letters without accents: Küche and kuche are one word."""
    folded = unicodedata.normalize("NFKD", text[:4000].casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))
