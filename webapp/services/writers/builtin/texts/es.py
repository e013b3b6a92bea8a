"""Spanish pictures and lines."""

# One card a line reads best, however long.
# ruff: noqa: E501
# fmt: off

from __future__ import annotations

from webapp.services.writers.builtin.texts.base import Card, Texts, World

_WORLDS = {
    "city": World(
        later=("La misma calle, dos minutos después.", "La parada, ya con menos gente."),
        hooks=(
            Card("La ciudad gana otra vez", "Luz azul, una parada de tranvía. {N} no se mueve mientras la gente pasa a ambos lados como el agua alrededor de una piedra.", "La ciudad no espera a nadie."),
            Card("Ojos a medio abrir", "La cara de {N} contra la ventanilla del tranvía, los ojos a medio abrir. Las farolas resbalan por el cristal.", "Despertar es mucho decir."),
            Card("Otra vez tarde", "{N} cruza la estación a toda prisa, el abrigo a medio poner, el bolso al vuelo. Todos los relojes coinciden: demasiado tarde.", "Tarde. Otra vez."),
        ),
        problems=(
            Card("Por un segundo", "Las puertas del tranvía se cierran justo delante de {N}. Vaho en el cristal. Dentro nadie levanta la vista.", "Siempre surge algo."),
            Card("Nueve por ciento", "Un móvil en la mano de {N}: tres llamadas perdidas, nueve por ciento de batería. El pulgar duda y se rinde.", "Y solo es lunes."),
            Card("Café en el andén", "Desde arriba: un vaso de cartón volcado en el andén. Cientos de zapatos lo esquivan sin aflojar el paso.", "Hay días que van en contra."),
        ),
        afters=(
            Card("La parada, sin prisa", "La misma parada a plena luz. {N} se apoya en la marquesina y deja pasar un tranvía, sin prisa.", "La misma ciudad. Mejor humor."),
            Card("A contracorriente", "La plaza desde un balcón: todo el mundo corre en una dirección. {N} pasea en la otra, con calma, bajo el sol.", "Todos corren. Tú no tienes por qué."),
            Card("Esa media sonrisa", "La cara de {N} junto a la ventanilla, ahora con los ojos bien abiertos. La comisura de los labios delata el secreto.", "La diferencia se nota."),
        ),
    ),
    "home": World(
        later=("La cocina, un minuto después.", "El salón, con luz de tarde."),
        hooks=(
            Card("Siete de la mañana", "Una cocina a todo volumen: cereales por el suelo, el perro bajo la mesa, una mochila del revés. En medio, {N}, sin mover un músculo.", "Las mañanas en casa: siempre en directo."),
            Card("Tres segundos de paz", "{N} con los ojos cerrados y una taza caliente, muy cerca. Fuera de cuadro algo se rompe. Los ojos siguen cerrados.", "Disfruta del silencio. Dura tres segundos."),
            Card("La carrera del pasillo", "La cámara persigue a {N} por el pasillo: un solo zapato, la chaqueta bajo el brazo, pasos pequeños que corren delante.", "Nadie entrena para esto. Todo el mundo lo corre."),
        ),
        problems=(
            Card("La lista crece", "{N} cuelga una nota más en una nevera ya llena. El imán se rinde y todo cae al suelo.", "Siempre queda algo pendiente."),
            Card("Otra vez no", "La mano de {N} abre un cajón, luego otro, luego todos. Lo que hace falta nunca está en su sitio.", "Ya has mirado por todas partes. Dos veces."),
            Card("Después de la tormenta", "La mesa de la cocina desde arriba: migas, ceras de colores, una nota del cole, un charco de leche camino del borde.", "Y el día apenas empieza."),
        ),
        afters=(
            Card("Alguien tararea", "La misma cocina, más o menos en orden. {N} tararea junto al fregadero mientras la familia ríe al lado.", "Así suena la calma."),
            Card("Domingo en martes", "Plano general del salón al anochecer: {N} en la alfombra, los demás en el sofá, una sola lámpara.", "Una tarde cualquiera. De las buenas."),
            Card("Mano pequeña, mano grande", "Una mano pequeña busca la mano de {N} sobre la mesa. Las dos se quedan quietas.", "Todo era por esto."),
        ),
    ),
    "office": World(
        later=("El escritorio, una hora después.", "La sala de reuniones, persianas a medio abrir."),
        hooks=(
            Card("La última luz", "Una planta de oficinas a oscuras, vista desde fuera; queda una ventana encendida. Tras el cristal, {N}, a solas con la pantalla.", "En algún lugar, alguien sigue trabajando."),
            Card("Cuarenta y una pestañas", "Luz de pantalla en la cara de {N}. En las gafas se reflejan pestañas que se abren, una tras otra, sin fin.", "Solo querías hacer una cosa."),
            Card("El pasillo largo", "{N} avanza rápido por un pasillo de cristal. De cada puerta asoma alguien con una pregunta más.", "¿Tienes un minuto? Preguntan todos."),
        ),
        problems=(
            Card("Reunión sobre la reunión", "Una mesa de caras cansadas. {N} mira la pizarra, donde ya solo queda una palabra: «luego».", "No parar no es lo mismo que terminar."),
            Card("Cargando sin fin", "El dedo de {N} tamborilea en la mesa. En la pantalla gira una ruedecita, paciente e inútil.", "Por aquí se va el día."),
            Card("Mesa sepultada", "El escritorio desde arriba: notas, tres tazas, un calendario sin un hueco en blanco. La mano de {N} busca un bolígrafo.", "Trabajo sobre trabajo. Y todo suma."),
        ),
        afters=(
            Card("A las cinco, cerrado", "{N} cierra el portátil. Fuera todavía es de día. En la mesa de al lado, una mirada de sorpresa al reloj.", "Hecho. Y fuera todavía es de día."),
            Card("Espacio para pensar", "Plano general de la oficina por la mañana: mesas vacías, ventanas abiertas, {N} con los pies en alto, pensando por fin.", "Resulta que sí había tiempo."),
            Card("Un gesto mínimo", "La cara de {N}, la vista en el resultado. Asiente tan poco que casi no se ve.", "Conoces esa sensación: ahora encaja."),
        ),
    ),
    "outdoors": World(
        later=("El sendero, un poco más arriba.", "El borde del bosque, aliento en el aire."),
        hooks=(
            Card("Antes que el sol", "Luz gris sobre las colinas. Una figura diminuta, {N}, se ata las zapatillas al pie de un camino muy largo.", "A la montaña le da igual cómo has dormido."),
            Card("Deciden los ojos", "La cara de {N} bajo la lluvia, la vista fija en algo que aún no vemos, muy arriba.", "Podrías dar la vuelta. No lo harás."),
            Card("Los primeros cien pasos", "A ras de suelo junto a los pies de {N}: grava, charco, grava. La respiración marca el ritmo.", "Empieza antes de que te des cuenta."),
        ),
        problems=(
            Card("El muro", "{N} se detiene, manos en las rodillas. El camino sigue, más empinado, como para dejarlo claro.", "Siempre llega un punto difícil."),
            Card("Casi nada queda", "La mano de {N} sacude la última gota, la última miga, el último resto de paciencia.", "Y esa era la parte fácil."),
            Card("Mal equipaje", "Un banco desde arriba: medio equipo extendido, mojado, enredado, y falta algo. Las manos de {N} vuelven a contar.", "Lo único que necesitas se quedó en casa."),
        ),
        afters=(
            Card("Al otro lado", "{N} supera la cresta y la luz llega con el último paso. Sin gritos, solo viento.", "Cada paso ha valido la pena."),
            Card("Figura pequeña, cielo enorme", "Muy abierto: {N} en la cima, la cabeza hacia atrás, nubes rápidas encima.", "Aquí arriba todo cobra sentido."),
            Card("Sal y sol", "La cara de {N}, sal en la piel, sol en los ojos y una risa que sale sola.", "Esa cara no se compra."),
        ),
    ),
    "table": World(
        later=("La misma mesa, con velas.", "La encimera, vapor en el aire."),
        hooks=(
            Card("Timbre antes de hora", "Una cocina vacía, sol de tarde. Suena el timbre. {N} levanta la vista del bol, harina hasta los codos.", "Llegan pronto. Siempre llegan pronto."),
            Card("La primera cucharada", "La cara de {N} sobre una cuchara de madera. Los ojos se cierran. El veredicto se hace esperar.", "Falta algo. Y lo sabes."),
            Card("Diez manos, un bol", "La cámara rodea una mesa ruidosa con {N} en la cabecera: manos que se cruzan, copas que chocan, todos hablando a la vez.", "Hay hambre. Y nadie quiere esperar."),
        ),
        problems=(
            Card("Señales de humo", "{N} aparta el humo de los fogones con un paño. En la sala de al lado, un silencio educado.", "En el vídeo parecía fácil."),
            Card("La nevera medio vacía", "{N} abre la nevera. La luz cae sobre medio limón y un tarro de fecha desconocida.", "¿Y ahora qué?"),
            Card("Doce platos, dos manos", "La encimera desde arriba: boles, mondas, tres temporizadores en marcha. Las manos de {N} no dan abasto.", "Dos manos. Demasiados planes."),
        ),
        afters=(
            Card("¿Queda un poco más?", "{N} se recuesta en la silla mientras un plato vacío da la segunda vuelta a la mesa.", "Nadie pide la receta de algo aburrido."),
            Card("La mesa larga", "Plano general del patio al anochecer: una mesa larga, luces en los árboles y {N}, por fin, en su silla.", "Las buenas noches son sencillas."),
            Card("El veredicto", "{N} observa el primer bocado de su invitado. Un segundo. Y a los dos se les escapa la sonrisa.", "Esa cara lo dice todo."),
        ),
    ),
    "calm": World(
        later=("El espejo, un minuto después.", "El dormitorio, las cortinas en movimiento."),
        hooks=(
            Card("Antes que el mundo", "Un baño con luz suave de mañana. {N} en el borde de la bañera, a solas con el sonido del agua.", "Cinco minutos. Solo para ti."),
            Card("Luz sincera", "La cara de {N} en el espejo, sin filtros, sin prisa. Un dedo sigue una línea de cansancio bajo el ojo.", "Hay espejos demasiado sinceros."),
            Card("Sin poder desconectar", "Noche. La cámara se desliza sobre la cama hasta {N}, con los ojos abiertos; junto a la almohada brilla el reloj.", "Cansarse es fácil. Descansar, no tanto."),
        ),
        problems=(
            Card("Demasiado de todo", "{N} ante un estante de frascos a medias: deja uno, coge otro, lo deja también.", "Más no siempre es más."),
            Card("Tres de la madrugada", "El reloj se refleja en los ojos de {N}. Cambia un minuto. Nada más cambia.", "La calma no entiende de prisas."),
            Card("El estante entero", "Desde arriba: todo lo que prometía milagros, en fila sobre azulejos blancos. La mano de {N} lo aparta.", "Lo has probado todo. Casi todo."),
        ),
        afters=(
            Card("Un paso atrás", "{N} pasa delante del espejo, se para, da un paso atrás, sonríe y sigue su camino.", "Sentirse bien se nota."),
            Card("La ventana abierta", "Plano general de una habitación luminosa: {N} ante la ventana abierta, los hombros sueltos, las cortinas respiran.", "Respira hondo. Ese es todo el plan."),
            Card("Por fin, sueño", "La cara de {N} sobre la almohada, con el primer sol, en paz.", "Calma. Por fin."),
        ),
    ),
    "shop": World(
        later=("Detrás del mostrador, algo más tarde.", "El taller, polvo en la luz."),
        hooks=(
            Card("Persiana arriba", "Una calle estrecha al amanecer. {N} sube la persiana de una tienda pequeña; el ruido despierta a las palomas.", "La primera luz de la calle. Cada día."),
            Card("Manos que saben", "La cara de {N} sobre el banco de trabajo, un lápiz en la oreja, midiendo por segunda vez.", "Tu oficio te lo sabes de memoria."),
            Card("Todo a la vez", "La cámara serpentea por una tienda llena: {N} cobra, envuelve y contesta al teléfono, todo en un solo gesto.", "Este trabajo te encanta. Casi todo."),
        ),
        problems=(
            Card("Papeles de noche", "En la puerta, «cerrado». {N} repasa una caja de zapatos llena de recibos bajo una única lámpara.", "Lo pesado empieza después de cerrar."),
            Card("La campanilla calla", "{N} mira la puerta. La campanilla no se mueve. Fuera, la gente pasa de largo.", "Hacerlo bien no basta. Hay que contarlo."),
            Card("Demasiadas listas", "El mostrador desde arriba: libro de pedidos, calculadora, café frío. La mano de {N} tacha otra vez la misma línea.", "No abriste una tienda para esto."),
        ),
        afters=(
            Card("Todo vendido", "{N} gira el cartel a «agotado» y se ríe como de un buen chiste.", "Hay problemas peores."),
            Card("Cola hasta la esquina", "Plano general de la calle: una cola desde la puerta hasta la esquina, {N} saluda desde el escalón.", "Estas cosas se cuentan."),
            Card("Caja cerrada, tarde libre", "La cara de {N} con el último sol del día, sin delantal, llaves en mano.", "En casa a su hora. Eso es nuevo."),
        ),
    ),
}

_THING = (
    Card("Sale de la sombra", "{P}, en solitario sobre una superficie oscura. Una franja de luz entra por la izquierda y dibuja su contorno."),
    Card("Casi se puede tocar", "{P}, tan cerca que solo quedan materia y bordes. El foco viaja despacio hasta el nombre."),
    Card("En su sitio", "{P}, en el centro de una mesa despejada. Lo primero de esta historia que está quieto."),
    Card("En buenas manos", "{N} alarga la mano y, por primera vez en el día, deja de correr. En cuadro: {P}."),
    Card("Cada cosa en su lugar", "Desde arriba: {P} en el centro; todo lo de antes, apartado hacia los bordes. Entra la mano de {N}."),
    Card("Con sus propios ojos", "Vemos lo que ve {N}: dos manos, luz de día, {P}. El ruido de alrededor se apaga."),
)
_SCREEN = (
    Card("Una pantalla clara", "{P} en una pantalla, sobre un escritorio por lo demás vacío. La página respira: una línea, un botón."),
    Card("Un solo toque", "Muy cerca del cristal: una yema se posa, {P} responde al instante y la luz se expande desde ese punto."),
    Card("Se abre y listo", "Un móvil en la mesa, {P} en colores claros y vivos. Todo alrededor se desenfoca."),
    Card("Hombros abajo", "{N} lee, toca una vez y se recuesta. En la pantalla: {P}."),
    Card("Por encima del hombro", "Leemos por encima del hombro de {N}: {P} en pantalla, la última tarea marcada, la página limpia."),
    Card("Cosa de un pulgar", "Vemos lo que ve {N}: {P} en la mano, tres toques y listo, antes de que hierva el agua."),
)
_SERVICE = (
    Card("Se abre la puerta", "Una calle con luz cálida, una puerta abierta. Al lado, en letras claras: {P}."),
    Card("Una bienvenida de verdad", "Un apretón de manos, muy cerca. Mangas, luz de día, una sonrisa al borde del cuadro: {P} da la bienvenida."),
    Card("El nombre en el cristal", "{P}, en letras limpias sobre un cristal. Detrás, desenfocado, alguien ya viene de camino."),
    Card("Alguien que escucha", "{N} habla y al otro lado de la mesa nadie interrumpe; las notas se toman a mano. En la pared: {P}."),
    Card("Asunto resuelto", "Por encima del hombro de {N}: alguien gira una hoja y señala una línea clara. En la cabecera: {P}."),
    Card("Paso a paso", "La cámara acompaña a {N} desde la puerta hasta un sitio junto a la ventana. En la solapa de quien guía: {P}."),
)

TEXTS = Texts(
    women=("Lucía", "Carmen", "Marta", "Nuria", "Paula", "Rosa"),
    men=("Marcos", "Diego", "Pablo", "Samir", "Bruno", "Tomás"),
    worlds=_WORLDS,
    thing=_THING,
    screen=_SCREEN,
    service=_SERVICE,
    message=(
        Card("Tres miradas rápidas", "Tres miradas rápidas a lo que importa, cortadas al ritmo: {P}, la cara de {N}, otra vez {P}. Sobre cada una, una parte del mensaje."),
        Card("Dicho en voz alta", "{N} ante una pared lisa, directo a cámara. El mensaje aparece junto a la cara, palabra por palabra."),
    ),
    crowd=(
        Card("Gente de todo tipo", "Retratos rápidos, mismo encuadre, vidas distintas: una panadera, un estudiante, un abuelo, {N}. Cada mirada aguanta un instante."),
        Card("A lo largo de la calle", "La cámara pasa de una ventana a otra. En cada una, una tarde distinta; en cada una, {P}."),
    ),
    talk=(
        Card("Sin guion", "{N} en una silla de cocina, luz de lado, directo a cámara. Una risa breve antes de la primera palabra.", "Yo tampoco me lo creía."),
        Card("Cómo era antes", "Cerca de la cara de {N}. La mirada se va a la ventana mientras vuelve el recuerdo.", "¿La verdad? Antes me había rendido."),
        Card("Mira, te lo enseño", "{N} alarga la mano fuera de cuadro y nos enseña lo que lo cambió todo, como a un amigo: {P}.", "Y entonces alguien me lo contó: {P}."),
        Card("Y ahora", "{N}, más cerca que antes, los hombros sueltos, responde a una pregunta que no hemos oído.", "¿Ahora? No pienso volver atrás."),
    ),
    split=(
        Card("Un día, dos maneras", "Pantalla partida, una habitación, un reloj. A la izquierda, {N} en pleno caos. A la derecha, {N} con una mano libre.", "El mismo día. Dos maneras de vivirlo."),
        Card("Sin y con", "Pantalla partida: a la izquierda lo de siempre se alarga y se alarga; a la derecha, {P}, y {N} ya ha terminado.", "A la izquierda, lo de siempre. A la derecha, {P}."),
        Card("Gana un lado", "La línea divisoria avanza hacia la izquierda hasta que solo queda la mitad luminosa, con {N} dentro.", "Has visto las dos. Tú eliges."),
    ),
    clock=(
        Card("El reloj corre", "Un reloj de estación llena el cuadro. Salta el segundero. {N} lo mira desde abajo.", "El reloj corre."),
        Card("Se está acabando", "Un estante a cámara rápida: manos desde todos los lados hasta que bajo la lámpara solo queda esto: {P}.", "Esto no va a durar siempre."),
        Card("Por los pelos", "{N} se cuela por una puerta que se cierra, se da la vuelta y suelta el aire entre risas.", "Justo a tiempo."),
    ),
    still=(
        Card("Aún no hay nadie", "Plano general de una habitación vacía al amanecer. El polvo gira en la luz. Algo está a punto de empezar."),
        Card("Vapor y cristal", "Muy cerca de un cristal empañado. Una sola gota dibuja una línea clara al caer."),
        Card("Lo que quedó atrás", "Desde arriba: llaves, un billete, una taza fría, tal como quedaron. La luz las recorre."),
        Card("La luz del día", "Un mismo lugar, tres horas del día, en fundidos: azul, blanco, dorado. No pasa nadie."),
    ),
    ends=(
        Card("Logo y última palabra", "Cierre. El logo en el centro sobre un fondo sereno en el color de la marca; debajo, {P}, y la llamada a la acción en una sola línea clara."),
        Card("El nombre se queda", "{P} con la última luz, en grande y sin movimiento. La llamada a la acción se posa al lado; después, el logo."),
        Card("Una línea para recordar", "Cierre. Todo se despeja hasta que solo quedan el logo y una línea, fácil de leer en el móvil."),
        Card("De la imagen al logo", "Cierre. La última imagen se funde en el color de la marca; el logo avanza y debajo aparece la llamada a la acción."),
    ),
    times=("6:42 h", "9:15 h", "12:30 h", "16:05 h", "19:20 h"),
    lines={
        "hook": ("Conoces este momento.", "Siempre empieza igual.", "Seamos sinceros un segundo.", "Imagina esto.", "Todos los días tienen un momento así."),
        "hook.energetic": ("¿Listos? Ya.", "Si parpadeas, te lo pierdes.", "Sin calentar. Directos.", "Arriba. Es ahora."),
        "hook.funny": ("Todo bien. De verdad. Todo bien.", "Iba genial. Un minuto entero.", "Aviso: primero empeora.", "Basado en hechos reales. Por desgracia."),
        "hook.warm": ("¿Recuerdas cuando era fácil?", "Hay cosas que se quedan contigo.", "Empieza con algo pequeño.", "Hay días en los que todo se siente."),
        "hook.premium": ("Hay cosas que merecen toda tu atención.", "La calidad no grita.", "Menos, pero mejor.", "Aquí nada es casualidad."),
        "hook.urgent": ("Para un segundo.", "Mañana no. Ahora.", "Este es el momento.", "Hoy cuenta."),
        "question": ("¿Te suena?", "¿Y si fuera más fácil?", "¿Desde cuándo es tan difícil?", "¿No hay una forma mejor?", "¿Por qué lo aguantamos?", "¿Quién tiene tiempo para esto?"),
        "problem": ("No tiene por qué ser así.", "Y nadie habla de ello.", "Te cuesta más de lo que crees.", "Mereces algo mejor.", "¿Suficiente? No del todo."),
        "problem.energetic": ("Basta. Hora de moverse.", "Se acabó esperar.", "Esto termina aquí."),
        "problem.funny": ("Esta parte no se sube a las redes.", "¿El plan B? Este era el plan B.", "La ayuda está en camino. Quizá."),
        "problem.warm": ("Hay días en los que pesa.", "Llevas más de lo que se ve.", "Nadie debería con todo a solas."),
        "problem.premium": ("Lo que se hace a medias se nota.", "Casi perfecto no es perfecto.", "Notas la diferencia. Siempre."),
        "problem.urgent": ("Cada día que esperas, todo sigue igual.", "Esperar no lo arregla.", "¿Hasta cuándo?"),
        "turn": ("La respuesta: {P}.", "En escena: {P}.", "Y ahora: {P}.", "{P}. Justo para esto.", "Hay otra manera: {P}.", "Te presentamos: {P}."),
        "turn.energetic": ("Y de golpe: {P}.", "Empieza el juego: {P}.", "Y entonces: {P}."),
        "turn.funny": ("Giro de guion: {P}.", "Menos mal. Aquí está: {P}.", "Quien salva el día: {P}."),
        "turn.warm": ("Por eso existe: {P}.", "{P}. Pensando en ti.", "Para momentos así: {P}."),
        "turn.premium": ("{P}. No hace falta más.", "Así es: {P}.", "Con ustedes: {P}."),
        "turn.urgent": ("Aquí y ahora: {P}.", "La solución ya está aquí: {P}.", "No esperes más: {P}."),
        "use": ("Simplemente funciona.", "No tiene más misterio.", "Un gesto, y listo.", "Fácil, como debe ser.", "Pruébalo una vez y lo sabrás."),
        "use.energetic": ("Rápido. Fácil. Ya.", "Agarra y vamos.", "A tope desde el primer segundo."),
        "use.funny": ("Funciona hasta antes del primer café.", "Sin manual. Total, nadie los lee.", "Tan fácil que parece trampa."),
        "use.warm": ("Desde el principio se siente bien.", "Pensado para la vida real.", "Un detalle que te cambia el día."),
        "use.premium": ("Cuidado hasta el último detalle.", "Se siente antes de verse.", "Exactamente como debe ser."),
        "use.urgent": ("Empieza hoy, nótalo hoy.", "Es solo un momento. Tómatelo.", "Sin esperas, sin rodeos."),
        "proof": ("Mucho mejor así.", "¿Ves la diferencia?", "Y el día vuelve a ser tuyo.", "Así debería sentirse siempre.", "¿Cómo vivías antes sin esto?"),
        "proof.energetic": ("¡Eso es!", "¿Lo notas? Sigue.", "Ahora no hay quien te pare."),
        "proof.funny": ("Hasta el perro está impresionado.", "Intenta que no se te note tanto.", "Los vecinos preguntarán. Disimula."),
        "proof.warm": ("Más tiempo para lo que importa.", "Son las cosas pequeñas. Siempre lo fueron.", "Y de pronto hay sitio para ti."),
        "proof.premium": ("Lo demás habla por sí solo.", "Quien lo conoce, lo sabe.", "Así se siente la calidad."),
        "proof.urgent": ("Otros ya han empezado.", "Cuanto antes, mejor.", "Esta misma noche podrías estar así."),
        "lead": ("Te toca.", "Adelante.", "Fácil, ¿no?", "Compruébalo.", "Empieza aquí."),
        "lead.energetic": ("¡Vamos!", "¡Venga!"),
        "lead.funny": ("Ya sabes lo que toca.", "Te esperamos. Pero poco."),
        "lead.warm": ("Pasa, estás en tu casa.", "Date ese gusto."),
        "lead.premium": ("Hazlo tuyo.", "Cuando quieras."),
        "lead.urgent": ("Mejor ahora.", "No lo dejes para luego."),
        "audience": ("{A}: esto es para ti.", "¿{A}? Este momento es tuyo.", "{A}: esto te suena."),
        "spark": ("Mira.", "Justo aquí.", "¿Lo notas?", "Sí.", "Más cerca.", "Así.", "Espera.", "Ahora.", "Ahí.", "Otra vez.", "Por fin.", "Fácil.", "¿Vamos?", "Fíjate.", "Hola.", "Eso es.", "Ya está.", "¿Sigues ahí?", "Respira.", "Ya."),
        "split": ("El mismo inicio. Otro final.", "De un lado ya se ha terminado.", "Encuentra la diferencia."),
        "talk": ("Todavía me hace sonreír.", "No paro de contárselo a todo el mundo.", "Pregúntame dentro de un año: diré lo mismo."),
        "clock": ("Tic. Tac. Tic. Tac.", "Pronto será tarde.", "Quien corre, llega."),
        "creed": ("Por quienes empiezan de todos modos.", "Por quienes eligen el camino largo.", "Por quienes piden más que lo justo.", "Por quienes no ceden y por quienes cuidan.", "Por quienes siguen adelante.", "Por quienes lo hacen a su manera.", "Esto es para ti.", "Por quienes lo hacen en serio."),
    },
    extras={
        "hook": ("Todo el mundo conoce esa sensación: tanto por hacer y tan poco para uno mismo.", "Es algo pequeño, pero las cosas pequeñas tienen la costumbre de crecer.", "Te dices que mañana será distinto, y entonces llega mañana."),
        "problem": ("Y sigues adelante, porque siempre se ha hecho así.", "Podrías esperar a que se arregle solo, pero hasta ahora nunca ha pasado.", "Lleva tiempo, lleva paciencia y, al final, se lleva también las ganas."),
        "product": ("Míralo de cerca, porque alguien ha pensado mucho en los detalles.", "No hacen falta grandes palabras: lo ves, lo pruebas, lo entiendes.", "Encaja en tu día en lugar de ponerlo patas arriba.", "Pensado para la vida tal como es, no como sale en los folletos."),
        "proof": ("No ha pasado nada espectacular, y ahí está la gracia.", "Primero lo notas en los detalles, después en el día entero.", "Y cuando alguien pregunte qué ha cambiado, la respuesta será corta."),
        "cta": ("Ya has visto suficiente para dar el primer paso.", "Es un minuto, y empieza justo aquí."),
    },
    finish={
        "plain": ("Colores apagados, un solo punto de luz.", "La cámara contiene la respiración.", "Luz natural, nada posado.", "Un solo sonido: el del propio lugar.", "El fondo queda desenfocado.", "Un instante de quietud antes del corte.", "Sombras cálidas, contornos nítidos.", "El encuadre es sereno y la mirada sabe adónde ir.", "La mirada se detiene en un solo detalle.", "Poca profundidad de campo, movimiento lento."),
        "energetic": ("Cámara en mano, rápida, siempre en movimiento.", "Cortes secos en cada golpe de ritmo.", "Colores vivos, mucho contraste, ni una pausa.", "La cámara apenas puede seguir."),
        "calm": ("Un único plano largo y silencioso.", "Todo se ralentiza hasta el ritmo de una respiración.", "Luz suave, sin prisa, sin cortes.", "El sonido baja casi a cero."),
        "funny": ("Al fondo se cae algo. Nadie reacciona.", "El plano dura un segundo de más, a propósito.", "Un gato observa, sin inmutarse.", "La cara sigue muy seria, y eso lo empeora."),
        "warm": ("Luz cálida; los ojos brillan un poco.", "Nos quedamos en la cara un instante más.", "Un roce de la mano, nada más.", "Como un recuerdo: bordes suaves, color cálido."),
        "premium": ("Sombras profundas, una sola luz precisa.", "Movimiento lento y exacto; nada sobra en el cuadro.", "Textura fina, colores apagados.", "Compuesto como una fotografía."),
        "urgent": ("Un segundero suena bajo la imagen.", "Cada corte llega un poco antes que el anterior.", "La luz cambia como si se acabara el día.", "La cámara empuja hacia delante, sin pausa."),
    },
    closer=("La cámara se acerca hasta que solo quedan ojos y manos.", "Muy cerca: piel, textura, un movimiento mínimo.", "Tan cerca que el resto del mundo sale de cuadro."),
    wider=("El encuadre se abre hasta que cabe todo el lugar.", "Desde muy lejos: un motivo pequeño y mucho espacio alrededor.", "Visto desde la otra acera, todo en una sola imagen."),
    nobody="Nadie en cuadro.",
    accent=("{V}, a plena vista.", "{V}, en pleno encuadre.", "{V}, por un instante."),
    silence="Sin música, solo el sonido del lugar.",
    note=("Dirección: {X}.", "Con esta idea: {X}.", "Lo importante aquí: {X}."),
    mention=("Y sí: {X}.", "Y además: {X}.", "Por cierto: {X}."),
    product="La novedad",
)
