"""French pictures and lines."""

# One card a line reads best, however long.
# ruff: noqa: E501
# fmt: off

from __future__ import annotations

from webapp.services.writers.builtin.texts.base import Card, Texts, World

_WORLDS = {
    "city": World(
        later=("La même rue, deux minutes plus tard.", "L'arrêt de tram, la foule s'éclaircit."),
        hooks=(
            Card("La ville gagne encore", "Lumière bleue, un arrêt de tram. {N} ne bouge pas tandis que la foule passe des deux côtés comme l'eau autour d'une pierre.", "La ville n'attend personne."),
            Card("Les yeux mi-clos", "Le visage de {N} contre la vitre du tram, les yeux à moitié fermés. Les réverbères glissent sur le verre.", "Le réveil, c'est une façon de parler."),
            Card("Encore en retard", "{N} traverse la gare au pas de course, le manteau à moitié mis, le sac au vol. Toutes les horloges sont d'accord : trop tard.", "En retard. Encore."),
        ),
        problems=(
            Card("À une seconde près", "Les portes du tram se ferment juste devant {N}. De la buée sur la vitre. À l'intérieur, personne ne lève les yeux.", "Il y a toujours un imprévu."),
            Card("Neuf pour cent", "Un téléphone dans la main de {N} : trois appels manqués, neuf pour cent de batterie. Le pouce hésite, puis renonce.", "Et ce n'est que lundi."),
            Card("Café sur béton", "Vu d'en haut : un gobelet renversé sur le quai. Des centaines de chaussures l'évitent sans ralentir.", "Certains jours sont contre vous."),
        ),
        afters=(
            Card("Même arrêt, autre humeur", "Le même arrêt en pleine lumière. {N}, le dos contre l'abri, laisse filer un tram, sans se presser.", "Même ville. Meilleure humeur."),
            Card("À contre-courant", "La place vue d'un balcon : tout le monde court dans un sens. {N} flâne dans l'autre, au milieu du soleil.", "Tout le monde court. Rien ne vous y oblige."),
            Card("Ce petit sourire", "Le visage de {N} près de la vitre, les yeux grands ouverts cette fois. Le coin des lèvres trahit le secret.", "La différence se voit."),
        ),
    ),
    "home": World(
        later=("La cuisine, une minute plus tard.", "Le salon, lumière du soir."),
        hooks=(
            Card("Sept heures du matin", "Une cuisine à plein volume : des céréales par terre, le chien sous la table, un cartable à l'envers. Au milieu, {N}, parfaitement immobile.", "Le matin à la maison : toujours en direct."),
            Card("Trois secondes de paix", "{N}, les yeux fermés, une tasse chaude entre les mains, tout près. Hors champ, quelque chose se casse. Les yeux restent clos.", "Profitez du silence. Il dure trois secondes."),
            Card("La course du couloir", "La caméra poursuit {N} dans le couloir : une seule chaussure, la veste sous le bras, des petits pas qui filent devant.", "Personne ne s'entraîne. Tout le monde court."),
        ),
        problems=(
            Card("La liste s'allonge", "{N} accroche un mot de plus sur un frigo déjà plein. L'aimant renonce, tout glisse au sol.", "Il reste toujours quelque chose à faire."),
            Card("Pas encore ça", "La main de {N} ouvre un tiroir, puis un autre, puis tous. Ce qu'il faut n'est jamais à sa place.", "Vous avez cherché partout. Deux fois."),
            Card("Après la tempête", "La table de la cuisine vue d'en haut : des miettes, des crayons, un mot de l'école, une flaque de lait qui gagne le bord.", "La journée commence à peine."),
        ),
        afters=(
            Card("Quelqu'un fredonne", "La même cuisine, à peu près rangée. {N} fredonne devant l'évier, la famille rit à côté.", "C'est donc ça, le calme."),
            Card("Un mardi comme un dimanche", "Le salon en plan large, à la tombée du jour : {N} sur le tapis, tous les autres sur le canapé, une seule lampe.", "Un soir ordinaire. Un très bon soir."),
            Card("Petite main, grande main", "Une petite main se glisse dans la main de {N}, au bord de la table. Plus rien ne bouge.", "Tout ça, c'était pour ça."),
        ),
    ),
    "office": World(
        later=("Le bureau, une heure plus tard.", "La salle de réunion, stores à demi ouverts."),
        hooks=(
            Card("La dernière lumière", "Un étage de bureaux dans le noir, vu de dehors ; une fenêtre est encore allumée. Derrière la vitre, {N} face à l'écran.", "Quelque part, quelqu'un travaille encore."),
            Card("Quarante et un onglets", "La lueur de l'écran sur le visage de {N}. Dans les lunettes, des onglets s'ouvrent, l'un après l'autre, sans fin.", "Vous vouliez juste faire une chose."),
            Card("Le long couloir", "{N} avance vite dans un couloir vitré. À chaque porte, quelqu'un se penche avec une question de plus.", "Vous avez une minute ? Tout le monde la veut."),
        ),
        problems=(
            Card("Réunion sur la réunion", "Une table de visages fatigués. {N} regarde le tableau où ne reste qu'un mot : « après ».", "Être débordé, ce n'est pas avancer."),
            Card("Chargement en cours", "Le doigt de {N} tapote la table. À l'écran, une petite roue tourne, patiente et inutile.", "Voilà où passe la journée."),
            Card("Bureau enseveli", "Le bureau vu d'en haut : des pense-bêtes, trois tasses, un agenda sans une case blanche. La main de {N} cherche un stylo.", "Du travail sur du travail. Tout s'additionne."),
        ),
        afters=(
            Card("Fermé à dix-sept heures", "{N} referme l'ordinateur. Dehors, il fait encore jour. À la table voisine, un regard surpris vers l'horloge.", "Fini. Et dehors, il fait encore jour."),
            Card("De l'air pour penser", "Le bureau en plan large, le matin : des tables vides, des fenêtres ouvertes, {N} les pieds en l'air, en pleine réflexion.", "Du temps, il y en avait donc."),
            Card("Un signe de tête", "Le visage de {N}, le regard sur le résultat. Un signe de tête si léger qu'on le manquerait presque.", "Vous connaissez ce moment : tout s'emboîte."),
        ),
    ),
    "outdoors": World(
        later=("Le sentier, un peu plus haut.", "La lisière du bois, le souffle visible dans l'air."),
        hooks=(
            Card("Avant le soleil", "Lumière grise sur les collines. Une silhouette minuscule, {N}, noue ses lacets au pied d'un très long chemin.", "La montagne se moque de votre nuit."),
            Card("Les yeux décident", "Le visage de {N} sous la pluie, le regard fixé sur quelque chose, tout en haut, qu'on ne voit pas encore.", "Faire demi-tour ? Possible. Mais non."),
            Card("Les cent premiers pas", "Au ras du sol, près des chaussures de {N} : gravier, flaque, gravier. Le souffle donne le rythme.", "Ça commence avant même le jour."),
        ),
        problems=(
            Card("Le mur", "{N} s'arrête, les mains sur les genoux. Le chemin continue, plus raide, comme pour insister.", "Il y a toujours un moment difficile."),
            Card("Presque plus rien", "La main de {N} secoue la dernière goutte, la dernière miette, le dernier reste de patience.", "Et ça, c'était la partie facile."),
            Card("Le mauvais sac", "Un banc vu d'en haut : la moitié du matériel, mouillée, emmêlée, et il manque une chose. Les mains de {N} recomptent.", "L'essentiel est resté à la maison."),
        ),
        afters=(
            Card("Passé la crête", "{N} franchit la crête et la lumière arrive avec le dernier pas. Pas de cris, juste du vent.", "Chaque pas en valait la peine."),
            Card("Silhouette et grand ciel", "Très large : {N} au sommet, la tête en arrière, des nuages rapides au-dessus.", "Ici, tout prend son sens."),
            Card("Sel et soleil", "Le visage de {N}, du sel sur la peau, du soleil dans les yeux, et un rire qui vient tout seul.", "Ce regard-là ne s'achète pas."),
        ),
    ),
    "table": World(
        later=("La même table, bougies allumées.", "Le plan de travail, de la vapeur dans l'air."),
        hooks=(
            Card("On sonne trop tôt", "Une cuisine vide, soleil du soir. On sonne. {N} lève les yeux du saladier, de la farine jusqu'aux coudes.", "En avance. Ils sont toujours en avance."),
            Card("La première cuillère", "Le visage de {N} au-dessus d'une cuillère en bois. Les yeux se ferment. Le verdict se fait attendre.", "Il manque quelque chose. Et ça se sent."),
            Card("Dix mains, un plat", "La caméra tourne autour d'une table bruyante, {N} en bout : des mains se croisent, des verres tintent, tout le monde parle en même temps.", "Tout le monde a faim. Personne ne veut attendre."),
        ),
        problems=(
            Card("Signaux de fumée", "{N} chasse la fumée des fourneaux avec un torchon. Dans la pièce d'à côté, un silence poli.", "Dans la vidéo, ça avait l'air simple."),
            Card("Le frigo presque vide", "{N} ouvre le frigo. La lumière tombe sur un demi-citron et un bocal sans âge.", "Et maintenant ?"),
            Card("Douze assiettes, deux mains", "Le plan de travail vu d'en haut : des saladiers, des épluchures, trois minuteurs en marche. Les mains de {N} ne suffisent plus.", "Deux mains. Trop de projets."),
        ),
        afters=(
            Card("Encore un peu ?", "{N} se cale dans la chaise tandis qu'une assiette vide fait un deuxième tour de table.", "On ne redemande jamais par politesse."),
            Card("La grande tablée", "La cour en plan large, au crépuscule : une longue table, des lampes dans les arbres, et {N} à table, enfin.", "Les bonnes soirées sont simples."),
            Card("Le verdict", "{N} guette la première bouchée d'en face. Une seconde. Puis deux sourires.", "Ce visage dit tout."),
        ),
    ),
    "calm": World(
        later=("Le miroir, une minute plus tard.", "La chambre, les rideaux bougent."),
        hooks=(
            Card("Avant le monde", "Une salle de bains, lumière douce du matin. {N} au bord de la baignoire, avec le bruit de l'eau pour toute compagnie.", "Cinq minutes. Rien que pour vous."),
            Card("La lumière franche", "Le visage de {N} dans le miroir, sans filtre, sans hâte. Un doigt suit une ligne de fatigue sous l'œil.", "Certains miroirs sont un peu trop francs."),
            Card("Toujours en marche", "La nuit. La caméra glisse au-dessus du lit jusqu'à {N}, les yeux ouverts ; près de l'oreiller, l'heure brille.", "La fatigue, c'est facile. Le repos, moins."),
        ),
        problems=(
            Card("Trop de tout", "{N} devant une étagère de flacons entamés : en repose un, prend le suivant, le repose aussi.", "Plus, ce n'est pas toujours plus."),
            Card("Trois heures du matin", "L'heure se reflète dans les yeux de {N}. Une minute passe. Rien d'autre ne change.", "Le calme ne se commande pas."),
            Card("Toute l'étagère", "Vu d'en haut : tout ce qui promettait des miracles, aligné sur du carrelage blanc. La main de {N} balaie le tout.", "Vous avez tout essayé. Presque."),
        ),
        afters=(
            Card("Un pas en arrière", "{N} passe devant le miroir, s'arrête, recule d'un pas, sourit et repart.", "Quand on va bien, ça se voit."),
            Card("Fenêtre ouverte", "Une pièce claire en plan large : {N} à la fenêtre ouverte, les épaules basses, les rideaux respirent.", "Respirez. Le programme s'arrête là."),
            Card("Le sommeil, enfin", "Le visage de {N} sur l'oreiller, dans le premier soleil, en paix.", "Le calme. Enfin."),
        ),
    ),
    "shop": World(
        later=("Derrière le comptoir, un peu plus tard.", "L'atelier, de la poussière dans la lumière."),
        hooks=(
            Card("Rideau levé", "Une rue étroite à l'aube. {N} lève le rideau d'une petite boutique ; le bruit réveille les pigeons.", "La première lumière de la rue. Chaque jour."),
            Card("Des mains qui savent", "Le visage de {N} au-dessus de l'établi, un crayon sur l'oreille, pour mesurer une seconde fois.", "Votre métier, vous le connaissez par cœur."),
            Card("Tout à la fois", "La caméra serpente dans une boutique pleine : {N} encaisse, emballe, décroche, tout d'un seul geste.", "Ce métier, vous l'aimez. Enfin, presque tout."),
        ),
        problems=(
            Card("Papiers de nuit", "Sur la porte : « fermé ». {N} trie une boîte à chaussures pleine de reçus sous une seule lampe.", "Le vrai travail commence après la fermeture."),
            Card("La clochette se tait", "{N} regarde la porte. La clochette ne bouge pas. Dehors, les gens passent.", "Bien faire ne suffit pas. Il faut que ça se sache."),
            Card("Trop de listes", "Le comptoir vu d'en haut : carnet de commandes, calculatrice, café froid. La main de {N} barre encore la même ligne.", "Vous n'avez pas ouvert boutique pour ça."),
        ),
        afters=(
            Card("Tout vendu", "{N} tourne la pancarte, « tout vendu », et rit comme d'une bonne blague.", "Il y a pire, comme problème."),
            Card("Jusqu'au coin de rue", "La rue en plan large : une file de la porte jusqu'au coin, {N} salue depuis la marche.", "Le bruit court."),
            Card("Caisse fermée, soir libre", "Le visage de {N} dans le dernier soleil, tablier rangé, clés en main.", "À la maison à l'heure. C'est nouveau."),
        ),
    ),
}

_THING = (
    Card("Hors de l'ombre", "{P}, et rien d'autre, sur un fond sombre. Un trait de lumière entre par la gauche et dessine les contours."),
    Card("À portée de main", "{P}, si près qu'il ne reste que la matière et les bords. Le point glisse lentement jusqu'au nom."),
    Card("À sa place", "{P}, au centre d'une table nette. La première chose de cette histoire qui ne bouge pas."),
    Card("Entre de bonnes mains", "{N} tend la main et, pour la première fois de la journée, ne court plus. À l'image : {P}."),
    Card("Chaque chose à sa place", "Vu d'en haut : {P} au milieu, tout le reste repoussé vers les bords. La main de {N} entre dans le cadre."),
    Card("De ses propres yeux", "On voit ce que voit {N} : deux mains, la lumière du jour, {P}. Le bruit autour s'efface."),
)
_SCREEN = (
    Card("Un écran clair", "{P} sur un écran, la table est vide autour. La page est calme : une ligne, un bouton."),
    Card("Un seul geste", "Tout près du verre : le bout d'un doigt se pose, {P} répond aussitôt, la lumière s'étend depuis ce point."),
    Card("Ça s'ouvre, voilà", "Un téléphone sur la table, {P} en couleurs claires et vives. Tout autour devient flou."),
    Card("Les épaules retombent", "{N} lit, touche une fois et se cale dans la chaise. À l'écran : {P}."),
    Card("Par-dessus l'épaule", "On lit par-dessus l'épaule de {N} : {P} à l'écran, la dernière tâche cochée, la page nette."),
    Card("L'affaire d'un pouce", "On voit ce que voit {N} : {P} dans la main, trois gestes, terminé avant que l'eau ne bouille."),
)
_SERVICE = (
    Card("La porte s'ouvre", "Une rue dans une lumière chaude, une porte ouverte. À côté, en lettres nettes : {P}."),
    Card("Un vrai accueil", "Une poignée de main, tout près. Des manches, la lumière du jour, un sourire au bord du cadre : {P} souhaite la bienvenue."),
    Card("Le nom sur la vitre", "{P}, en lettres nettes sur une vitre. Derrière, dans le flou, quelqu'un arrive déjà."),
    Card("Quelqu'un écoute", "{N} raconte et, en face, personne n'interrompt ; les notes se prennent à la main. Au mur : {P}."),
    Card("C'est réglé", "Par-dessus l'épaule de {N} : quelqu'un retourne une feuille et montre une ligne claire. En tête : {P}."),
    Card("Pas à pas", "La caméra accompagne {N} de la porte jusqu'à une place près de la fenêtre. Sur le badge du guide : {P}."),
)

TEXTS = Texts(
    women=("Camille", "Léa", "Julie", "Nadia", "Manon", "Sophie"),
    men=("Marc", "Karim", "Théo", "Bruno", "Paul", "Malik"),
    worlds=_WORLDS,
    thing=_THING,
    screen=_SCREEN,
    service=_SERVICE,
    message=(
        Card("Trois regards rapides", "Trois regards rapides sur l'essentiel, montés en rythme : {P}, le visage de {N}, encore {P}. Sur chacun, un morceau du message."),
        Card("Dit à voix haute", "{N} devant un mur uni, face caméra. Le message s'affiche à côté du visage, mot après mot."),
    ),
    crowd=(
        Card("Toutes sortes de gens", "Portraits rapides, même cadre, vies différentes : une boulangère, un étudiant, un grand-père, {N}. Chaque regard tient un instant."),
        Card("Tout le long de la rue", "La caméra passe d'une fenêtre à l'autre. Derrière chacune, une autre soirée ; derrière chacune, {P}."),
    ),
    talk=(
        Card("Sans texte appris", "{N} sur une chaise de cuisine, lumière de côté, face caméra. Un petit rire avant le premier mot.", "Moi non plus, je n'y croyais pas."),
        Card("Comment c'était avant", "Tout près du visage de {N}. Le regard part vers la fenêtre, le souvenir revient.", "Franchement ? Avant, je n'y pensais même plus."),
        Card("Je vous montre", "{N} tend la main hors champ et nous montre, comme on montre à des amis, ce qui a tout changé : {P}.", "Et puis on m'en a parlé : {P}."),
        Card("Et aujourd'hui", "{N}, plus près qu'avant, les épaules relâchées, répond à une question qu'on n'a pas entendue.", "Aujourd'hui ? Pas question de revenir en arrière."),
    ),
    split=(
        Card("Un jour, deux façons", "Écran partagé, une pièce, une horloge. À gauche, {N} en plein désordre. À droite, {N}, une main libre.", "Le même jour. Deux façons de le vivre."),
        Card("Sans, puis avec", "Écran partagé : à gauche, la vieille méthode traîne et traîne encore ; à droite, {P}, et {N} a déjà terminé.", "À gauche, comme toujours. À droite, {P}."),
        Card("Un côté gagne", "La ligne du milieu glisse vers la gauche jusqu'à ne laisser que la moitié claire, avec {N} dedans.", "Vous avez vu les deux. À vous de choisir."),
    ),
    clock=(
        Card("L'heure tourne", "Une horloge de gare remplit le cadre. La trotteuse saute. {N} la regarde d'en bas.", "L'heure tourne."),
        Card("Bientôt plus rien", "Une étagère en accéléré : des mains de tous côtés, jusqu'à ce qu'il ne reste sous la lampe que ceci : {P}.", "Ça ne durera pas toujours."),
        Card("De justesse", "{N} se glisse par une porte qui se ferme, se retourne et souffle en riant.", "Juste à temps."),
    ),
    still=(
        Card("Encore personne", "Une pièce vide à l'aube, en plan large. La poussière tourne dans la lumière. Quelque chose va commencer."),
        Card("Buée sur le verre", "Tout près d'une vitre embuée. Une seule goutte y trace une ligne claire."),
        Card("Ce qui est resté", "Vu d'en haut : des clés, un billet, une tasse froide, posés là par hasard. La lumière passe dessus."),
        Card("La lumière du jour", "Un même lieu, trois heures du jour, en fondus : bleu, blanc, doré. Personne ne passe."),
    ),
    ends=(
        Card("Logo et dernier mot", "Carton de fin. Le logo au centre sur un fond calme à la couleur de la marque, {P} dessous, puis l'appel à l'action en une ligne claire."),
        Card("Le nom reste", "{P} dans la dernière lumière, en grand, sans mouvement. L'appel à l'action se pose à côté, le logo suit."),
        Card("Une ligne à retenir", "Carton de fin. Tout s'efface jusqu'à ne laisser que le logo et une ligne, bien lisible sur un téléphone."),
        Card("De l'image au logo", "Carton de fin. La dernière image se fond dans la couleur de la marque ; le logo avance, l'appel à l'action dessous."),
    ),
    times=("6 h 42", "9 h 15", "12 h 30", "16 h 05", "19 h 20"),
    lines={
        "hook": ("Vous connaissez ce moment.", "Ça commence toujours pareil.", "Soyons honnêtes une seconde.", "Imaginez un peu.", "Chaque jour a un moment comme celui-là."),
        "hook.energetic": ("Prêt ? Partez.", "Un clin d'œil et c'est passé.", "Sans échauffement. Droit au but.", "Debout. C'est maintenant."),
        "hook.funny": ("Tout va bien. Vraiment. Tout va bien.", "Ça se passait bien. Une minute environ.", "Attention : d'abord, ça empire.", "Une histoire vraie, hélas."),
        "hook.warm": ("Vous vous souvenez quand c'était simple ?", "Certaines choses restent.", "Ça commence par presque rien.", "Certains jours, on ressent tout."),
        "hook.premium": ("Certaines choses méritent toute votre attention.", "La qualité ne crie pas.", "Moins, mais mieux.", "Ici, rien n'est laissé au hasard."),
        "hook.urgent": ("Arrêtez-vous une seconde.", "Pas demain. Maintenant.", "C'est le moment.", "Aujourd'hui compte."),
        "question": ("Ça vous parle ?", "Et si c'était plus simple ?", "Depuis quand est-ce si compliqué ?", "N'y a-t-il pas mieux ?", "Pourquoi accepter ça ?", "Qui a le temps pour ça ?"),
        "problem": ("Ce n'est pas une fatalité.", "Et personne n'en parle.", "Ça coûte plus qu'on ne croit.", "Vous méritez mieux.", "Suffisant ? Pas vraiment."),
        "problem.energetic": ("Assez. On bouge.", "Fini d'attendre.", "Ça s'arrête ici."),
        "problem.funny": ("Cette partie-là, personne ne la publie.", "Le plan B ? C'était le plan B.", "Les secours arrivent. Peut-être."),
        "problem.warm": ("Certains jours, c'est beaucoup.", "Vous portez plus qu'on ne le voit.", "Personne ne devrait tout porter tout seul."),
        "problem.premium": ("Le compromis se voit toujours.", "Presque juste, ce n'est pas juste.", "La différence, vous la voyez. Toujours."),
        "problem.urgent": ("Chaque jour d'attente, rien ne change.", "Attendre n'arrange rien.", "Encore combien de temps ?"),
        "turn": ("La réponse : {P}.", "Voici {P}.", "Et maintenant : {P}.", "{P}. Fait pour ça.", "Il y a mieux : {P}.", "Place à la suite : {P}."),
        "turn.energetic": ("Et hop : {P}.", "C'est parti : {P}.", "Et là : {P}."),
        "turn.funny": ("Coup de théâtre : {P}.", "Heureusement, voici {P}.", "La vedette de cette histoire : {P}."),
        "turn.warm": ("Voilà pourquoi il y a {P}.", "{P}. En pensant à vous.", "Pour ces moments-là : {P}."),
        "turn.premium": ("{P}. Rien de plus.", "Voici, simplement : {P}.", "Tout est là : {P}."),
        "turn.urgent": ("Ici et maintenant : {P}.", "La solution est là : {P}.", "N'attendez plus : {P}."),
        "use": ("Ça marche, tout simplement.", "Ce n'est pas plus compliqué.", "Un geste, et c'est fait.", "Simple, comme il se doit.", "Essayez une fois, vous saurez."),
        "use.energetic": ("Rapide. Facile. À vous.", "On attrape et on file.", "À fond dès la première seconde."),
        "use.funny": ("Même avant le premier café.", "Sans mode d'emploi. Personne ne les lit.", "Si facile qu'on croirait tricher."),
        "use.warm": ("Tout de suite, ça sonne juste.", "Pensé pour la vraie vie.", "Un petit rien qui change la journée."),
        "use.premium": ("Pensé jusqu'au dernier détail.", "Ça se sent avant de se voir.", "Exactement comme il faut."),
        "use.urgent": ("Commencez aujourd'hui, sentez-le aujourd'hui.", "Un instant suffit. Prenez-le.", "Sans attente, sans détour."),
        "proof": ("Voilà qui est mieux.", "Vous voyez la différence ?", "Et la journée est à vous.", "C'est comme ça que ça devrait être.", "Comment faisait-on avant ?"),
        "proof.energetic": ("Voilà, c'est ça !", "Vous sentez ? On continue.", "Plus rien ne vous arrête."),
        "proof.funny": ("Même le chien est impressionné.", "Essayez de garder un air modeste.", "Les voisins vont demander. Restez naturel."),
        "proof.warm": ("Plus de temps pour ce qui compte.", "Ce sont les petites choses. Depuis toujours.", "Et soudain, il y a de la place pour vous."),
        "proof.premium": ("Le reste parle de lui-même.", "Quand on connaît, on sait.", "C'est ça, la qualité."),
        "proof.urgent": ("D'autres ont déjà commencé.", "Le plus tôt sera le mieux.", "Dès ce soir, ça pourrait être vous."),
        "lead": ("À vous.", "Allez-y.", "Facile, non ?", "Voyez vous-même.", "Tout commence ici."),
        "lead.energetic": ("C'est parti !", "Allez !"),
        "lead.funny": ("Vous savez quoi faire.", "On vous attend. Pas trop longtemps."),
        "lead.warm": ("Entrez, vous êtes chez vous.", "Faites-vous du bien."),
        "lead.premium": ("Faites-en le vôtre.", "Quand vous voudrez."),
        "lead.urgent": ("Le mieux, c'est maintenant.", "Ne remettez pas à demain."),
        "audience": ("{A} : c'est pour vous.", "{A} ? Ceci est pour vous.", "{A}, ceci est pour vous."),
        "spark": ("Regardez.", "Juste ici.", "Vous sentez ?", "Oui.", "Plus près.", "Comme ça.", "Attendez.", "Maintenant.", "Là.", "Encore.", "Enfin.", "Facile.", "Alors ?", "Voyez.", "Bonjour.", "Mais oui.", "Voilà.", "Toujours là ?", "Respirez.", "Allez."),
        "split": ("Même départ. Autre arrivée.", "D'un côté, c'est déjà fini.", "Cherchez la différence."),
        "talk": ("J'en souris encore.", "J'en parle à tout le monde.", "Redemandez-moi dans un an : même réponse."),
        "clock": ("Tic. Tac. Tic. Tac.", "Bientôt, ce sera trop tard.", "Les plus rapides d'abord."),
        "creed": ("À celles et ceux qui commencent quand même.", "À qui choisit le chemin long.", "À qui veut mieux que « pas mal ».", "Aux têtes dures et aux cœurs tendres.", "À qui continue.", "À qui fait les choses à sa façon.", "Ceci est pour vous.", "À qui le fait pour de vrai."),
    },
    extras={
        "hook": ("On connaît tous cette impression : tant de choses à faire, si peu pour soi.", "C'est un détail, mais les détails ont la fâcheuse habitude de grandir.", "On se dit que demain sera différent, et puis demain arrive."),
        "problem": ("Alors on continue, parce qu'on a toujours fait comme ça.", "On pourrait attendre que ça s'arrange tout seul, mais jusqu'ici, rien.", "Il y faut du temps, de la patience, et à la fin le plaisir n'y est plus."),
        "product": ("Regardez de plus près : quelqu'un a longuement pensé aux détails.", "Pas besoin de grands mots : on voit, on essaie, on comprend.", "De quoi trouver sa place dans votre journée sans la bouleverser.", "Fait pour la vie telle qu'elle est, pas telle qu'on la voit dans les brochures."),
        "proof": ("Rien de spectaculaire, et c'est justement ça qui est beau.", "On le remarque d'abord à de petites choses, puis à toute la journée.", "Et quand on demandera ce qui a changé, la réponse sera courte."),
        "cta": ("Vous en avez assez vu pour faire le premier pas.", "Une minute suffit, et tout commence ici."),
    },
    finish={
        "plain": ("Couleurs sourdes, un seul point clair.", "La caméra retient son souffle.", "Lumière naturelle, rien de posé.", "Un seul son : celui du lieu.", "L'arrière-plan reste flou.", "Un temps de silence avant la coupe.", "Ombres chaudes, contours nets.", "Le cadre est calme et l'œil sait où aller.", "Le regard s'arrête sur un seul détail.", "Faible profondeur de champ, mouvement lent."),
        "energetic": ("Caméra à l'épaule, rapide, toujours en mouvement.", "Coupes franches sur chaque temps.", "Couleurs vives, fort contraste, aucune pause.", "La caméra suit à peine."),
        "calm": ("Un seul plan, long et silencieux.", "Tout ralentit au rythme d'une respiration.", "Lumière douce, sans hâte, sans coupe.", "Le son tombe presque à zéro."),
        "funny": ("À l'arrière-plan, quelque chose tombe. Personne ne réagit.", "Le plan dure une seconde de trop, exprès.", "Un chat observe, peu impressionné.", "Le visage reste très sérieux, ce qui n'arrange rien."),
        "warm": ("Lumière chaude, les yeux brillent un peu.", "On reste sur le visage un instant de plus.", "Une main effleurée, rien de plus.", "Comme un souvenir : bords doux, couleurs chaudes."),
        "premium": ("Ombres profondes, une seule lumière précise.", "Mouvement lent et exact ; rien de superflu dans le cadre.", "Matière fine, couleurs sourdes.", "Composé comme une photographie."),
        "urgent": ("Une trotteuse bat sous l'image.", "Chaque coupe arrive un peu plus tôt que la précédente.", "La lumière change comme si le jour s'achevait.", "La caméra pousse en avant, sans pause."),
    },
    closer=("La caméra s'approche jusqu'à ne garder que les yeux et les mains.", "Tout près : la peau, la matière, un mouvement infime.", "Si près que le reste du monde sort du cadre."),
    wider=("Le cadre s'ouvre jusqu'à contenir tout le lieu.", "De très loin : un petit sujet, beaucoup d'espace autour.", "Vu du trottoir d'en face, tout en une seule image."),
    nobody="Personne dans le cadre.",
    accent=("{V}, bien en vue.", "{V}, en plein cadre.", "{V}, le temps d'un regard."),
    silence="Pas de musique, seulement le son du lieu.",
    note=("Intention : {X}.", "Avec cette idée : {X}.", "L'important ici : {X}."),
    mention=("Et oui : {X}.", "Et aussi : {X}.", "Sans oublier : {X}."),
    product="La nouveauté",
)
