"""German pictures and lines."""

# One card a line reads best, however long.
# ruff: noqa: E501
# fmt: off

from __future__ import annotations

from webapp.services.writers.builtin.texts.base import Card, Texts, World

_WORLDS = {
    "city": World(
        later=("Dieselbe Straße, zwei Minuten später.", "Die Haltestelle, es wird leerer."),
        hooks=(
            Card("Die Stadt gewinnt wieder", "Blaues Licht, eine Straßenbahnhaltestelle. {N} steht still, während der Berufsverkehr links und rechts vorbeiströmt wie Wasser an einem Stein.", "Die Stadt wartet auf niemanden."),
            Card("Noch nicht ganz wach", "{N}s Gesicht am Straßenbahnfenster, die Augen halb geschlossen. Laternen ziehen über das Glas.", "Wach wäre übertrieben."),
            Card("Schon wieder spät", "{N} eilt durch die Bahnhofshalle, den Mantel nur halb an, die Tasche im Schwung. Alle Uhren sind sich einig: zu spät.", "Zu spät. Schon wieder."),
        ),
        problems=(
            Card("Eine Tür zu spät", "Die Bahntür schließt sich direkt vor {N}. Atem am Glas. Drinnen schaut niemand auf.", "Irgendetwas kommt immer dazwischen."),
            Card("Noch neun Prozent", "Ein Handy in {N}s Hand: drei verpasste Anrufe, neun Prozent Akku. Der Daumen zögert und gibt auf.", "Und es ist erst Montag."),
            Card("Kaffee auf Beton", "Von oben: Ein Pappbecher ist auf dem Bahnsteig umgekippt. Hunderte Schuhe machen einen Bogen darum, ohne langsamer zu werden.", "Manche Tage sind gegen dich."),
        ),
        afters=(
            Card("Dieselbe Haltestelle, leichter", "Dieselbe Haltestelle bei Tageslicht. {N} lehnt am Wartehäuschen und lässt in aller Ruhe eine Bahn ziehen.", "Dieselbe Stadt. Bessere Laune."),
            Card("Gegen den Strom", "Der Platz von einem Balkon aus: Alle hetzen in eine Richtung. {N} schlendert in die andere, mitten durch die Sonne.", "Alle rennen. Du musst nicht."),
            Card("Dieses kleine Lächeln", "{N}s Gesicht am Fenster der Bahn, jetzt hellwach. Ein Mundwinkel verrät das Geheimnis.", "Den Unterschied sieht man."),
        ),
    ),
    "home": World(
        later=("Die Küche, eine Minute später.", "Das Wohnzimmer im Abendlicht."),
        hooks=(
            Card("Sieben Uhr morgens", "Eine Küche in voller Lautstärke: Müsli auf dem Boden, der Hund unterm Tisch, ein Schulranzen auf dem Kopf. Mittendrin {N}, völlig reglos.", "Morgens zu Hause: immer live."),
            Card("Drei Sekunden Frieden", "{N} mit geschlossenen Augen und warmer Tasse, ganz nah. Irgendwo geht etwas zu Bruch. Die Augen bleiben zu.", "Genieß die Stille. Sie dauert drei Sekunden."),
            Card("Rennen im Flur", "Die Kamera jagt hinter {N} durch den Flur: ein Schuh an, die Jacke unterm Arm, kleine Füße rennen voraus.", "Dafür trainiert niemand. Und alle laufen mit."),
        ),
        problems=(
            Card("Die Liste wächst", "{N} hängt noch einen Zettel an den vollen Kühlschrank. Der Magnet gibt auf, alles rutscht zu Boden.", "Irgendetwas fehlt immer noch."),
            Card("Nicht schon wieder", "{N}s Hand zieht eine Schublade auf, die nächste, dann alle. Was gebraucht wird, liegt nie da, wo es hingehört.", "Du hast überall gesucht. Zweimal."),
            Card("Tisch nach dem Sturm", "Der Küchentisch von oben: Krümel, Buntstifte, ein Brief aus der Schule, eine Milchpfütze auf dem Weg zur Kante.", "Der Tag hat kaum angefangen."),
        ),
        afters=(
            Card("Jemand summt", "Dieselbe Küche, ordentlich genug. {N} summt an der Spüle, nebenan lacht die Familie.", "So klingt also Ruhe."),
            Card("Sonntag am Dienstag", "Das ganze Wohnzimmer in der Dämmerung: {N} auf dem Teppich, alle anderen auf dem Sofa, eine einzige Lampe.", "Ein ganz normaler Abend. Ein sehr guter."),
            Card("Kleine Hand, große Hand", "Eine kleine Hand schiebt sich auf der Tischkante in {N}s Hand. Beide halten still.", "Genau dafür das alles."),
        ),
    ),
    "office": World(
        later=("Der Schreibtisch, eine Stunde später.", "Der Besprechungsraum, Jalousien halb offen."),
        hooks=(
            Card("Das letzte Licht", "Eine dunkle Büroetage von außen, ein Fenster ist noch hell. Hinter dem Glas {N}, allein mit dem Bildschirm.", "Irgendwo arbeitet immer noch jemand."),
            Card("Einundvierzig Tabs", "Bildschirmlicht auf {N}s Gesicht. In der Brille sehen wir Tabs aufgehen, einen nach dem anderen, ohne Ende.", "Du wolltest nur eine Sache erledigen."),
            Card("Der lange Flur", "{N} geht schnell durch einen gläsernen Flur. Aus jeder Tür lehnt sich jemand mit noch einer Frage.", "Hast du kurz Zeit? Das fragen alle."),
        ),
        problems=(
            Card("Das Meeting zum Meeting", "Ein Tisch voller müder Gesichter. {N} schaut aufs Whiteboard, auf dem nur noch ein Wort steht: „später“.", "Beschäftigt ist nicht dasselbe wie fertig."),
            Card("Bitte warten", "{N}s Finger trommelt auf den Tisch. Auf dem Bildschirm dreht sich ein Rädchen, geduldig und nutzlos.", "Und da geht er hin, der Tag."),
            Card("Schreibtisch, verschüttet", "Der Schreibtisch von oben: Zettel, drei Tassen, ein Kalender ohne freies Feld. {N}s Hand sucht einen Stift.", "Arbeit über Arbeit. Das summiert sich."),
        ),
        afters=(
            Card("Feierabend um fünf", "{N} klappt den Laptop zu. Draußen ist es noch hell. Am Nachbartisch ein überraschter Blick zur Uhr.", "Fertig. Und draußen ist es noch hell."),
            Card("Luft zum Denken", "Das ganze Büro am Morgen: leere Tische, offene Fenster, {N} mit hochgelegten Füßen, endlich in Gedanken.", "Zeit war also doch da."),
            Card("Ein stilles Nicken", "{N}s Gesicht, den Blick auf dem Ergebnis. Ein Nicken, so klein, dass man es fast verpasst.", "Du kennst das Gefühl: Jetzt passt es."),
        ),
    ),
    "outdoors": World(
        later=("Der Pfad, ein Stück weiter oben.", "Am Waldrand, Atem in der Luft."),
        hooks=(
            Card("Vor der Sonne", "Graues Licht über den Hügeln. Winzig klein {N}, beim Schuhebinden am Fuß eines sehr langen Weges.", "Dem Berg ist egal, wie du geschlafen hast."),
            Card("Die Augen entscheiden", "{N}s Gesicht, nass vom Regen, den Blick fest auf etwas weit oben, das wir noch nicht sehen.", "Du könntest umdrehen. Machst du aber nicht."),
            Card("Die ersten hundert Schritte", "Ganz tief neben {N}s Schuhen: Kies, Pfütze, Kies. Der Atem gibt den Takt vor.", "Es geht los, bevor du bereit bist."),
        ),
        problems=(
            Card("Die Wand", "{N} bleibt stehen, Hände auf den Knien. Der Weg wird steiler, als wollte er etwas beweisen.", "Irgendwann wird es immer schwer."),
            Card("Fast nichts mehr", "{N}s Hand schüttelt den letzten Tropfen heraus, den letzten Krümel, den letzten Rest Geduld.", "Und das war der leichte Teil."),
            Card("Falsch gepackt", "Eine Bank von oben: die halbe Ausrüstung, nass, verknotet, und eins fehlt. {N}s Hände zählen noch einmal nach.", "Das Wichtigste liegt zu Hause."),
        ),
        afters=(
            Card("Über den Grat", "{N} kommt über den Grat, und mit dem letzten Schritt kommt das Licht. Kein Jubel, nur Wind.", "Jeder Schritt hat sich gelohnt."),
            Card("Kleiner Mensch, großer Himmel", "Sehr weit: {N} auf dem Gipfel, den Kopf im Nacken, darüber schnelle Wolken.", "Hier oben ergibt alles Sinn."),
            Card("Salz und Sonne", "{N}s Gesicht, Salz auf der Haut, Sonne in den Augen, und ein Lachen, das von selbst kommt.", "Diesen Blick gibt es nicht zu kaufen."),
        ),
    ),
    "table": World(
        later=("Derselbe Tisch, Kerzen brennen.", "Die Arbeitsplatte, Dampf in der Luft."),
        hooks=(
            Card("Es klingelt zu früh", "Eine leere Küche in der Abendsonne. Es klingelt. {N} schaut von der Schüssel auf, Mehl bis zu den Ellbogen.", "Sie sind zu früh. Sie sind immer zu früh."),
            Card("Der erste Löffel", "{N}s Gesicht über einem Holzlöffel. Die Augen gehen zu. Das Urteil lässt auf sich warten.", "Irgendetwas fehlt. Du schmeckst es."),
            Card("Zehn Hände, eine Schüssel", "Die Kamera umkreist einen lauten Tisch mit {N} am Kopfende: Hände greifen quer, Gläser klirren, alle reden zugleich.", "Alle haben Hunger. Niemand will warten."),
        ),
        problems=(
            Card("Rauchzeichen", "{N} wedelt mit dem Geschirrtuch Rauch vom Herd. Aus dem Nebenzimmer: höfliche Stille.", "Im Video sah es so einfach aus."),
            Card("Fast leeres Fach", "{N} öffnet den Kühlschrank. Das Licht fällt auf eine halbe Zitrone und ein Glas aus unbekannter Zeit.", "Und jetzt?"),
            Card("Zwölf Teller, zwei Hände", "Die Arbeitsplatte von oben: Schüsseln, Schalen, drei laufende Wecker. {N}s Hände können nicht überall sein.", "Zwei Hände. Zu viele Pläne."),
        ),
        afters=(
            Card("Noch einmal, bitte", "{N} lehnt sich zurück, während der leere Teller zum zweiten Mal herumgereicht wird.", "Nach dem Rezept fragt man nur, wenn es schmeckt."),
            Card("Die lange Tafel", "Der ganze Hof in der Dämmerung: eine lange Tafel, Lampen in den Bäumen, und {N} sitzt endlich auch.", "Gute Abende sind einfach."),
            Card("Das Urteil", "{N} beobachtet den ersten Bissen eines Gastes. Eine Sekunde. Dann grinsen beide.", "Dieses Gesicht sagt alles."),
        ),
    ),
    "calm": World(
        later=("Der Spiegel, eine Minute später.", "Das Schlafzimmer, die Vorhänge wehen."),
        hooks=(
            Card("Bevor die Welt beginnt", "Ein Bad im weichen Morgenlicht. {N} sitzt auf dem Wannenrand, allein mit dem Rauschen des Wassers.", "Fünf Minuten. Nur für dich."),
            Card("Ehrliches Licht", "{N}s Gesicht im Spiegel, ohne Filter, ohne Eile. Ein Finger folgt einer müden Linie unter dem Auge.", "Manche Spiegel sind etwas zu ehrlich."),
            Card("Immer noch wach", "Nacht. Die Kamera gleitet über das Bett zu {N}, hellwach, neben dem Kissen leuchtet die Uhr.", "Müde sein ist leicht. Abschalten nicht."),
        ),
        problems=(
            Card("Von allem zu viel", "{N} vor einem Regal voller halb leerer Flaschen: eine zurück, die nächste her, auch wieder zurück.", "Mehr ist nicht immer mehr."),
            Card("Drei Uhr nachts", "In {N}s Augen spiegelt sich die Uhr. Eine Minute springt um. Sonst ändert sich nichts.", "Ruhe lässt sich nicht drängen."),
            Card("Das ganze Regal", "Von oben: alles, was Wunder versprochen hat, aufgereiht auf weißen Fliesen. {N}s Hand schiebt es beiseite.", "Du hast alles versucht. Fast alles."),
        ),
        afters=(
            Card("Kurz zurück zum Spiegel", "{N} läuft am Spiegel vorbei, stoppt, geht einen Schritt zurück, lächelt und ist schon weg.", "Man sieht, wenn es dir gut geht."),
            Card("Offenes Fenster", "Ein heller Raum, ganz weit: {N} am offenen Fenster, die Schultern tief, die Vorhänge atmen.", "Tief durchatmen. Mehr steht nicht auf dem Plan."),
            Card("Endlich Schlaf", "{N}s Gesicht auf dem Kissen, von früher Sonne beschienen, ganz im Frieden.", "Ruhe. Endlich."),
        ),
    ),
    "shop": World(
        later=("Hinter der Theke, etwas später.", "Die Werkstatt, Staub im Licht."),
        hooks=(
            Card("Rollladen hoch", "Eine schmale Straße im Morgengrauen. {N} zieht den Rollladen eines kleinen Ladens hoch; die Tauben fliegen auf.", "Als Erstes wach in dieser Straße. Jeden Tag."),
            Card("Hände, die es können", "{N}s Gesicht über der Werkbank, einen Bleistift hinterm Ohr, beim zweiten Nachmessen.", "Dein Handwerk kannst du im Schlaf."),
            Card("Alle auf einmal", "Die Kamera schlängelt sich durch einen vollen Laden: {N} kassiert, packt ein, geht ans Telefon, alles in einer Bewegung.", "Du liebst diesen Beruf. Das meiste davon."),
        ),
        problems=(
            Card("Papierkram bei Nacht", "An der Tür hängt „Geschlossen“. {N} sitzt unter einer einzigen Lampe über einem Schuhkarton voller Belege.", "Die eigentliche Arbeit beginnt nach Ladenschluss."),
            Card("Die Glocke schweigt", "{N} schaut zur Tür. Die Glocke darüber rührt sich nicht. Draußen gehen Leute vorbei.", "Gut sein reicht nicht. Man muss es auch wissen."),
            Card("Zu viele Listen", "Die Theke von oben: Auftragsbuch, Taschenrechner, kalter Kaffee. {N}s Hand streicht dieselbe Zeile noch einmal.", "Dafür hast du den Laden nicht aufgemacht."),
        ),
        afters=(
            Card("Ausverkauft, mit Lächeln", "{N} dreht das Schild auf „Ausverkauft“ und lacht darüber wie über einen guten Witz.", "Es gibt schlimmere Probleme."),
            Card("Schlange bis zur Ecke", "Die ganze Straße: eine Schlange von der Tür bis zur Ecke, {N} winkt von der Stufe.", "So etwas spricht sich herum."),
            Card("Kasse zu, Abend", "{N}s Gesicht in der letzten Sonne, die Schürze ist ab, der Schlüssel in der Hand.", "Pünktlich nach Hause. Das ist neu."),
        ),
    ),
}

_THING = (
    Card("Aus dem Schatten", "{P}, allein auf dunklem Grund. Ein Lichtstreifen kommt von links und zeichnet die Kontur nach."),
    Card("Zum Greifen nah", "{P}, so nah, dass nur Material und Kanten bleiben. Die Schärfe wandert langsam zum Namen."),
    Card("Ein ruhiger Platz", "{P}, mitten auf einem leeren Tisch. Das Erste in dieser Geschichte, das stillsteht."),
    Card("In guten Händen", "{N} greift zu und hält zum ersten Mal an diesem Tag inne. Im Bild: {P}."),
    Card("Alles am rechten Platz", "Von oben: {P} in der Mitte, alles andere an den Rand geschoben. {N}s Hand kommt ins Bild."),
    Card("Mit eigenen Augen", "Wir sehen, was {N} sieht: zwei Hände, Tageslicht, {P}. Der Lärm ringsum verschwindet."),
)
_SCREEN = (
    Card("Ein klarer Bildschirm", "{P} auf einem Bildschirm, sonst ist der Tisch leer. Die Seite ist ruhig: eine Zeile, ein Knopf."),
    Card("Einmal tippen", "Extrem nah am Glas: Eine Fingerspitze landet, {P} reagiert sofort, von dort breitet sich Licht aus."),
    Card("Öffnen, fertig", "Ein Handy auf dem Tisch, darauf {P} in klaren, hellen Farben. Alles ringsum wird unscharf."),
    Card("Die Schultern sinken", "{N} liest, tippt einmal und lehnt sich zurück. Auf dem Bildschirm: {P}."),
    Card("Über die Schulter", "Wir lesen über {N}s Schulter mit: {P} ist offen, der letzte Punkt abgehakt, die Seite leer."),
    Card("Daumensache", "Wir sehen, was {N} sieht: {P} in der Hand, dreimal tippen, fertig, bevor das Wasser kocht."),
)
_SERVICE = (
    Card("Die Tür geht auf", "Eine Straße in warmem Licht, eine offene Tür. Daneben in klaren Buchstaben: {P}."),
    Card("Ein echtes Willkommen", "Ein Händedruck, ganz nah. Ärmel, Tageslicht, ein Lächeln am Bildrand: {P} sagt Hallo."),
    Card("Der Name am Glas", "{P}, in klaren Buchstaben auf einer Scheibe. Dahinter, unscharf, ist schon jemand unterwegs."),
    Card("Jemand hört zu", "{N} sitzt am Tisch und erzählt. Gegenüber fällt niemand ins Wort; Notizen entstehen von Hand. An der Wand: {P}."),
    Card("In guten Händen", "Über {N}s Schulter: Jemand dreht ein Blatt um und zeigt auf eine klare Zeile. Oben auf dem Blatt: {P}."),
    Card("Schritt für Schritt", "Die Kamera begleitet {N} von der Tür bis zum Platz am Fenster. Am Revers der Begleitung: {P}."),
)

TEXTS = Texts(
    women=("Mara", "Lena", "Paula", "Sevda", "Helga", "Nele"),
    men=("Tim", "Jan", "Paul", "Murat", "Leon", "Karl"),
    worlds=_WORLDS,
    thing=_THING,
    screen=_SCREEN,
    service=_SERVICE,
    message=(
        Card("Drei kurze Blicke", "Drei kurze Blicke auf das Wesentliche, im Takt geschnitten: {P}, {N}s Gesicht, noch einmal {P}. Über jedem ein Teil der Botschaft."),
        Card("Laut gesagt", "{N} vor einer schlichten Wand, direkt in die Kamera. Neben dem Gesicht erscheint die Botschaft, Wort für Wort."),
    ),
    crowd=(
        Card("Lauter verschiedene Leute", "Schnelle Porträts, gleicher Ausschnitt, verschiedene Leben: eine Bäckerin, ein Student, ein Großvater, {N}. Alle halten kurz den Blick."),
        Card("Die ganze Straße entlang", "Die Kamera fährt an Fenstern vorbei. Hinter jedem ein anderer Abend, hinter jedem {P}."),
    ),
    talk=(
        Card("Ohne Drehbuch", "{N} auf einem Küchenstuhl, Tageslicht von der Seite, direkt in die Kamera. Ein kurzes Lachen vor dem ersten Wort.", "Ich habe es auch nicht geglaubt."),
        Card("Wie es vorher war", "Nah an {N}s Gesicht. Der Blick wandert zum Fenster, die Erinnerung kommt.", "Ehrlich? Vorher hatte ich einfach aufgegeben."),
        Card("Ich zeig’s mal", "{N} greift aus dem Bild und zeigt uns, was alles verändert hat, so wie man es Freunden zeigt: {P}.", "Dann hat mir jemand davon erzählt: {P}."),
        Card("Und heute", "{N}, näher als zuvor, die Schultern locker, beantwortet eine Frage, die wir nicht gehört haben.", "Heute? Ich will nicht mehr zurück."),
    ),
    split=(
        Card("Ein Tag, zwei Wege", "Geteiltes Bild, ein Raum, eine Uhr. Links {N} im Chaos. Rechts {N} mit einer freien Hand.", "Derselbe Tag. Zwei Arten, ihn zu verbringen."),
        Card("Links ohne, rechts mit", "Geteiltes Bild: Links zieht sich der alte Weg immer weiter hin. Rechts: {P}, und {N} ist fertig.", "Links: wie immer. Rechts: {P}."),
        Card("Eine Seite gewinnt", "Die Trennlinie wandert nach links, bis nur die helle Hälfte bleibt, mit {N} darin.", "Du hast beides gesehen. Du entscheidest."),
    ),
    clock=(
        Card("Die Uhr läuft", "Eine Bahnhofsuhr füllt das Bild. Der Sekundenzeiger springt. {N} schaut von unten hinauf.", "Die Uhr läuft."),
        Card("Gleich ist es weg", "Ein Regal im Zeitraffer: Hände von allen Seiten, bis unter der Lampe nur eins übrig ist: {P}.", "Das bleibt nicht ewig so."),
        Card("Gerade noch", "{N} schlüpft durch eine Tür, die schon zugeht, dreht sich um und atmet lachend aus.", "Gerade noch rechtzeitig."),
    ),
    still=(
        Card("Noch niemand da", "Ein leerer Raum im Morgengrauen, sehr weit. Staub dreht sich im Licht. Gleich beginnt etwas."),
        Card("Dampf und Glas", "Nah an einer beschlagenen Scheibe. Ein einzelner Tropfen zieht eine klare Linie hindurch."),
        Card("Was liegen blieb", "Von oben: Schlüssel, ein Fahrschein, eine kalte Tasse, von niemandem arrangiert. Das Licht wandert darüber."),
        Card("Licht durch den Tag", "Ein Ort, drei Tageszeiten, weich überblendet: blau, weiß, golden. Niemand geht hindurch."),
    ),
    ends=(
        Card("Logo und letztes Wort", "Schlussbild. Das Logo mittig auf ruhigem Grund in Markenfarbe, darunter {P}, dann die Handlungsaufforderung als eine klare Zeile."),
        Card("Der Name bleibt", "{P} im letzten Licht, groß und ruhig. Die Handlungsaufforderung setzt sich daneben, das Logo folgt."),
        Card("Eine Zeile, die bleibt", "Schlussbild. Alles räumt sich weg, bis nur Logo und eine Zeile bleiben, gut lesbar auf dem Handy."),
        Card("Vom Bild zum Logo", "Schlussbild. Die letzte Einstellung verschwimmt zur Markenfarbe; das Logo tritt hervor, darunter die Handlungsaufforderung."),
    ),
    times=("6:42 Uhr", "9:15 Uhr", "12:30 Uhr", "16:05 Uhr", "19:20 Uhr"),
    lines={
        "hook": ("Du kennst diesen Moment.", "Es fängt immer gleich an.", "Seien wir kurz ehrlich.", "Stell dir das vor.", "So einen Moment hat jeder Tag."),
        "hook.energetic": ("Bereit? Los.", "Einmal blinzeln und weg.", "Kein Aufwärmen. Direkt rein.", "Aufwachen. Jetzt."),
        "hook.funny": ("Alles gut. Wirklich. Alles gut.", "Es lief super. Etwa eine Minute lang.", "Spoiler: Erst wird es schlimmer.", "Leider eine wahre Geschichte."),
        "hook.warm": ("Weißt du noch, als es leicht war?", "Manches bleibt.", "Es beginnt mit etwas Kleinem.", "An manchen Tagen spürt man alles."),
        "hook.premium": ("Manches verdient deine ganze Aufmerksamkeit.", "Qualität ist leise.", "Weniger, aber besser.", "Hier ist nichts dem Zufall überlassen."),
        "hook.urgent": ("Halt kurz an.", "Nicht morgen. Jetzt.", "Das ist der Moment.", "Heute zählt."),
        "question": ("Kommt dir bekannt vor?", "Und wenn es leichter ginge?", "Seit wann ist das so schwer?", "Geht das nicht besser?", "Warum machen wir das mit?", "Wer hat dafür Zeit?"),
        "problem": ("Das muss nicht so sein.", "Und niemand redet darüber.", "Das kostet mehr, als du denkst.", "Du hast Besseres verdient.", "Gut genug? Eher nicht."),
        "problem.energetic": ("Genug. Jetzt geht was.", "Schluss mit Warten.", "Hier ist Schluss damit."),
        "problem.funny": ("Diesen Teil postet niemand.", "Plan B? Das war Plan B.", "Hilfe ist unterwegs. Vielleicht."),
        "problem.warm": ("An manchen Tagen ist es viel.", "Du trägst mehr, als man sieht.", "Das muss niemand allein schaffen."),
        "problem.premium": ("Kompromisse sieht man immer.", "Fast richtig ist nicht richtig.", "Du merkst den Unterschied. Immer."),
        "problem.urgent": ("Mit jedem Tag Warten bleibt es so.", "Vom Warten wird es nicht besser.", "Wie lange noch?"),
        "turn": ("Die Antwort: {P}.", "Auftritt: {P}.", "Jetzt gibt es {P}.", "{P}. Genau dafür gemacht.", "Es geht auch anders: {P}.", "Und hier ist {P}."),
        "turn.energetic": ("Zack: {P}.", "Los geht’s: {P}.", "Und dann: {P}."),
        "turn.funny": ("Die Wendung: {P}.", "Zum Glück gibt es {P}.", "Der Star dieser Geschichte: {P}."),
        "turn.warm": ("Darum gibt es {P}.", "{P}. Für dich gedacht.", "Für genau solche Momente: {P}."),
        "turn.premium": ("{P}. Mehr braucht es nicht.", "Wir stellen vor: {P}.", "Das ist {P}."),
        "turn.urgent": ("Hier und jetzt: {P}.", "Die Lösung ist da: {P}.", "Nicht warten. {P} ist da."),
        "use": ("Es funktioniert einfach.", "Mehr ist nicht dabei.", "Ein Griff, und fertig.", "Einfach, so wie es sein soll.", "Einmal probieren, dann weißt du es."),
        "use.energetic": ("Schnell. Einfach. Deins.", "Zugreifen und los.", "Volle Fahrt ab Sekunde eins."),
        "use.funny": ("Geht sogar vor dem ersten Kaffee.", "Ohne Anleitung. Die liest ja eh niemand.", "So leicht, fast schon geschummelt."),
        "use.warm": ("Fühlt sich gleich richtig an.", "Gemacht fürs echte Leben.", "Eine Kleinigkeit, die den Tag verändert."),
        "use.premium": ("Durchdacht bis ins letzte Detail.", "Man spürt es, bevor man es sieht.", "Genau so, wie es sein soll."),
        "use.urgent": ("Heute anfangen, heute spüren.", "Es dauert nur kurz. Nimm dir die Zeit.", "Ohne Warten, ohne Umwege."),
        "proof": ("Schon besser.", "Siehst du den Unterschied?", "Und der Tag gehört wieder dir.", "So soll sich das anfühlen.", "Wie ging das je ohne?"),
        "proof.energetic": ("So muss das!", "Spürst du das? Weiter so.", "Jetzt hält dich nichts mehr auf."),
        "proof.funny": ("Der Hund ist auch beeindruckt.", "Bitte nicht zu zufrieden gucken.", "Die Nachbarn werden fragen. Bleib locker."),
        "proof.warm": ("Mehr Zeit für das, was zählt.", "Es sind die kleinen Dinge. Immer schon.", "Und plötzlich ist Platz für dich."),
        "proof.premium": ("Der Rest spricht für sich.", "Wer es kennt, weiß warum.", "So fühlt sich Qualität an."),
        "proof.urgent": ("Andere haben längst angefangen.", "Je früher, desto besser.", "Heute Abend könntest du schon so weit sein."),
        "lead": ("Du bist dran.", "Na los.", "Ganz leicht, oder?", "Sieh selbst.", "Hier fängt es an."),
        "lead.energetic": ("Auf geht’s!", "Na los!"),
        "lead.funny": ("Du weißt, was zu tun ist.", "Wir warten. Aber nicht ewig."),
        "lead.warm": ("Komm rein.", "Tu dir etwas Gutes."),
        "lead.premium": ("Mach es zu deinem.", "Wann immer du so weit bist."),
        "lead.urgent": ("Am besten gleich.", "Schieb es nicht auf."),
        "audience": ("{A}? Das hier ist für euch.", "{A}: Wir sehen euch.", "{A}, das ist eures."),
        "spark": ("Schau.", "Genau hier.", "Spürst du’s?", "Ja.", "Näher.", "Genau so.", "Warte kurz.", "Jetzt.", "Da.", "Noch mal.", "Endlich.", "Leicht.", "Bereit?", "Sieh hin.", "Hallo.", "Oh ja.", "Na also.", "Noch da?", "Durchatmen.", "Los."),
        "split": ("Gleicher Start. Anderes Ende.", "Auf einer Seite ist schon Feierabend.", "Finde den Unterschied."),
        "talk": ("Ich muss heute noch darüber lächeln.", "Ich erzähle das ständig weiter.", "Frag mich in einem Jahr noch mal: gleiche Antwort."),
        "clock": ("Tick. Tick. Tick.", "Bald ist es zu spät.", "Wer schnell ist, ist zuerst da."),
        "creed": ("Auf alle, die trotzdem anfangen.", "Auf alle, die den langen Weg gehen.", "Auf alle, denen gut genug nicht reicht.", "Auf die Sturen und auf die Sanften.", "Auf alle, die weitermachen.", "Auf alle, die es auf ihre Art machen.", "Das hier ist für euch.", "Für alle, die es ernst meinen."),
    },
    extras={
        "hook": ("Das Gefühl kennen alle: so viel zu tun und so wenig davon für einen selbst.", "Es ist nur eine Kleinigkeit, aber Kleinigkeiten haben die Angewohnheit, groß zu werden.", "Man sagt sich, morgen wird alles anders, und dann kommt morgen."),
        "problem": ("Also macht man weiter, weil man es schon immer so gemacht hat.", "Man könnte warten, bis es sich von selbst erledigt, aber das hat es bisher nie.", "Es kostet Zeit, es kostet Geduld, und am Ende kostet es den Spaß an der Sache."),
        "product": ("Schau genauer hin, denn hier hat jemand lange über die Details nachgedacht.", "Große Worte braucht es nicht: sehen, ausprobieren, verstehen.", "Es passt in deinen Tag, statt ihn auf den Kopf zu stellen.", "Gemacht für das Leben, wie es ist, nicht wie im Prospekt."),
        "proof": ("Es ist gar nichts Spektakuläres passiert, und genau das ist das Schöne daran.", "Zuerst merkst du es an Kleinigkeiten, dann am ganzen Tag.", "Und wenn jemand fragt, was sich geändert hat, ist die Antwort kurz."),
        "cta": ("Jetzt hast du genug gesehen, um den ersten Schritt zu machen.", "Es dauert eine Minute, und es beginnt genau hier."),
    },
    finish={
        "plain": ("Gedämpfte Farben, ein heller Punkt.", "Die Kamera hält den Atem an.", "Natürliches Licht, nichts gestellt.", "Nur ein Geräusch: der Ort selbst.", "Der Hintergrund bleibt weich.", "Ein Moment Stille vor dem Schnitt.", "Warme Schatten, klare Kanten.", "Das Bild ist ruhig, der Blick weiß, wohin.", "Das Auge bleibt an einem einzigen Detail hängen.", "Wenig Schärfentiefe, langsame Fahrt."),
        "energetic": ("Handkamera, schnell, immer in Bewegung.", "Harte Schnitte auf jeden Schlag.", "Kräftige Farben, starker Kontrast, keine Pause.", "Die Kamera kommt kaum hinterher."),
        "calm": ("Eine einzige lange, stille Einstellung.", "Alles wird so langsam wie ein Atemzug.", "Weiches Licht, keine Eile, kein Schnitt.", "Der Ton sinkt fast auf null."),
        "funny": ("Im Hintergrund fällt etwas um. Niemand reagiert.", "Die Einstellung dauert eine Sekunde zu lang, mit Absicht.", "Eine Katze schaut zu, unbeeindruckt.", "Das Gesicht bleibt völlig ernst, was es nicht besser macht."),
        "warm": ("Warmes Licht, die Augen glänzen ein wenig.", "Wir bleiben einen Moment länger auf dem Gesicht.", "Eine Berührung der Hand, mehr nicht.", "Wie eine Erinnerung: weiche Kanten, warme Farben."),
        "premium": ("Tiefe Schatten, ein einziges präzises Licht.", "Langsame, genaue Bewegung; nichts Überflüssiges im Bild.", "Feine Struktur, gedeckte Farben.", "Komponiert wie eine Fotografie."),
        "urgent": ("Unter dem Bild tickt ein Sekundenzeiger.", "Jeder Schnitt kommt etwas früher als der letzte.", "Das Licht wechselt, als ginge der Tag zu Ende.", "Die Kamera drängt weiter, ohne Pause."),
    },
    closer=("Die Kamera geht heran, bis nur Augen und Hände bleiben.", "Ganz nah: Haut, Struktur, eine winzige Bewegung.", "So nah, dass die Welt ringsum aus dem Bild fällt."),
    wider=("Das Bild öffnet sich, bis der ganze Ort darin Platz hat.", "Weit weg: ein kleines Motiv, viel Raum ringsum.", "Von der anderen Straßenseite gesehen, alles in einem Bild."),
    nobody="Kein Mensch im Bild.",
    accent=("{V}, gut zu sehen.", "{V}, mitten im Bild.", "{V}, für einen Moment im Blick."),
    silence="Keine Musik, nur der Ton des Ortes.",
    note=("Regie: {X}.", "Dabei gilt: {X}.", "Worauf es hier ankommt: {X}."),
    mention=("Und ja, es gibt: {X}.", "Dazu gibt es: {X}.", "Außerdem gibt es: {X}."),
    product="Das neue Produkt",
)
