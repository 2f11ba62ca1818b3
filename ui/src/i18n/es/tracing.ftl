room-tracing = Rastreo de armas
tracing-rooms = Páginas de rastreo
tracing-room-workspace = Análisis
tracing-room-board = Recuperaciones
tracing-room-matches = Coincidencias
tracing-room-requests = Solicitudes
tracing-room-indicators = Indicadores
tracing-held = Registrado
tracing-held-n = { $recoveries } recuperaciones, { $firearms } armas
tracing-data = Datos
tracing-asking = Buscando…
tracing-day = { $d } { $m } { $y }
tracing-month = { $m } { $y }
tracing-between = entre { $from } y { $to }
tracing-purpose = Finalidad
tracing-purpose-of = Finalidad de la sesión
tracing-purpose-title = Declarar la finalidad de la sesión
tracing-purpose-note = Durante 8 horas, cada lectura de una persona queda en el diario con esta finalidad y este expediente.
tracing-purpose-none = sin declarar
tracing-purpose-until = hasta { $at }, lecturas registradas
tracing-purpose-say = Declarar antes la finalidad
tracing-purpose-do = Empezar
tracing-case = Expediente
tracing-choose-one = Elegir
tracing-did-desk = Finalidad inscrita en el diario
tracing-graph = Red
tracing-shown = { $n } de { $total } a la vista, desde { $ref }
tracing-inferred = inferidos
tracing-table = tabla
tracing-sealed = sellado
tracing-folded = { $n } plegados
tracing-links-n =
  { $n ->
    [one] { $n } vínculo
   *[other] { $n } vínculos
  }
tracing-more-n =
  { $n ->
    [one] { $n } sin mostrar
   *[other] { $n } sin mostrar
  }
tracing-network-of = red { $name }
tracing-too-many = Serían { $n }; { $max } como máximo
tracing-too-many-hint = Pliegue otro, o empiece desde aquí.
tracing-column-dealer = armería
tracing-column-person = comprador
tracing-column-firearm = arma
tracing-column-consignment = envío
tracing-column-recovery = recuperación
tracing-evidence-evidenced = probado
tracing-evidence-inferred = inferido
tracing-evidence-lead = pista
tracing-evidence-confirmed = confirmado
tracing-evidence-excluded = excluido
tracing-legend-inferred = inferido, con su confianza
tracing-legend-lead = pista balística, hasta que el microscopio la confirme
tracing-limits = Una pista va a una persona; nada actúa solo. Víctimas y testigos no figuran en ningún grafo.
tracing-ref = Referencia
tracing-kind = Clase
tracing-what = Qué
tracing-date = Fecha
tracing-link = Vínculo
tracing-links = Vínculos
tracing-not-shown = Sin mostrar
tracing-how-known = Cómo se sabe
tracing-confidence = Confianza
tracing-time = Tiempo
tracing-axis = Eje del tiempo
tracing-hatched-note = rayado: fecha no conocida, este es su intervalo
tracing-all-days = todos los días
tracing-brush-on = acotar en el tiempo
tracing-brush-off = todo el tiempo
tracing-brush-from = Inicio del periodo
tracing-brush-to = Fin del periodo
tracing-no-days = No se conoce ninguna fecha.
tracing-lane = Línea
tracing-lane-sale = Ventas
tracing-lane-sale-note = primera venta
tracing-lane-consignment = Envío
tracing-lane-recovery = Recuperaciones
tracing-lane-request = Solicitudes
tracing-lane-request-note = del envío a la respuesta
tracing-unanswered = { $what }, sin respuesta desde hace { $n } d
tracing-answered-in = { $what }, respondida en { $n } d
tracing-sold-n = { $ref }: { $n } armas, el mismo día
tracing-ttc = { $ref }: { $n } d de la venta a la recuperación
tracing-ttc-range = { $ref }: de { $least } a { $most } d de la venta a la recuperación
tracing-from = De
tracing-to = A
tracing-open = en curso
tracing-route = Ruta
tracing-route-label = Mapa de rutas: { $n } tramos. Las flechas mueven, + y − acercan, ↵ pasa de un tramo a otro.
tracing-legs-n =
  { $n ->
    [one] { $n } tramo; la curva une lugares, no es un track
   *[other] { $n } tramos; las curvas unen lugares, no son derrotas
  }
tracing-fit = ver todo
tracing-no-route = No se conoce ninguna ruta.
tracing-evidence = Pruebas
tracing-evidence-of = Pruebas sobre { $ref }
tracing-evidence-note =
  { $n ->
    [one] { $n } vínculo
   *[other] { $n } vínculos
  }
tracing-walk = vínculo a vínculo
tracing-fold = Plegar
tracing-open-n = Abrir { $n }
tracing-root-here = Empezar aquí
tracing-ask-trace = Pedir un rastreo
tracing-no-links = Sin vínculos.
tracing-held-of = Lo que se dice de { $ref }
tracing-choose = Elija algo en la red.
tracing-judgements = Juicios de identidad
tracing-undone-by = anulado por { $who }
tracing-undo = Deshacer
tracing-did-unjudge = Juicio anulado
tracing-no-claims = Nadie ha dicho nada aún.
tracing-contested = fuentes en conflicto
tracing-prefer = Usar esta
tracing-preferred = en uso
tracing-did-prefer = { $prop }: otro valor en uso
tracing-withdraw = Retirar
tracing-withdraw-why = ¿Por qué?
tracing-withdrawn = retirado
tracing-did-withdraw = Declaración retirada; el diario guarda constancia
tracing-grade-of = fuente: { $reliability }; información: { $credibility }
tracing-hash = huella { $hash }
tracing-for-anyone = para cualquiera
tracing-releasable = comunicable a { $list }
tracing-only = solo { $who }
tracing-for-purposes = para { $list }
tracing-onward = retransmisible
tracing-review = revisar antes del { $day }
tracing-photo-missing = foto no disponible
tracing-inferred-from = Inferido: { $why }, confianza { $n }
tracing-for = A favor
tracing-against = En contra
tracing-refute = Lo que lo refutaría
tracing-nothing = nada
tracing-readings = Lecturas, según lo que hay en contra
tracing-innocent = inocente
tracing-against-n = { $n } en contra
tracing-hangs = Sin «{ $item }», otra lectura iría primero.
tracing-matrix = La matriz: { $items } elementos, { $readings } lecturas
tracing-matrix-less = Cerrar la matriz
tracing-matrix-title = Cada elemento frente a cada lectura
tracing-item = Elemento
tracing-cell-cc = muy compatible
tracing-cell-c = compatible
tracing-cell-n = neutro
tracing-cell-na = no aplica
tracing-cell-i = incompatible
tracing-cell-ii = lo contradice
tracing-person-locked = Lo que lo identifica está sellado.
tracing-person-locked-note = La lectura quedará en el diario con su finalidad.
tracing-person-no-purpose = Una persona solo se lee para una finalidad y un expediente.
tracing-person-read = Leer la persona
tracing-person-read-as = Leída para { $purpose }, expediente { $case }: consta en el diario
tracing-person-kept = se conserva hasta el { $day }
tracing-did-read = { $ref } leída: consta en el diario
tracing-ask-opening = Pedir la apertura
tracing-ask-opening-note = decide una segunda persona
tracing-did-ask = Apertura de { $ref } solicitada
tracing-unseal = Mostrar
tracing-did-unseal = { $prop } leído: consta en el diario
tracing-opened-for = Abierto para usted { $time } más; lo autorizó { $who }
tracing-opening-waits = La solicitud espera a una segunda persona desde las { $at }
tracing-opening-refused = denegado por { $who }
tracing-openings = Solicitudes de apertura
tracing-openings-n = { $n } en espera
tracing-openings-note = Decide una segunda persona; nadie decide lo suyo.
tracing-openings-none = Nada espera.
tracing-number = Número
tracing-person = Persona
tracing-open-person = Ver en la red
tracing-asked-by = Solicitado por
tracing-since = Desde hace
tracing-decision = Decisión
tracing-second-person = debe decidir otra persona
tracing-allow = Autorizar
tracing-allow-sure = Pulse otra vez para abrir
tracing-deny = Denegar
tracing-did-allow = Solicitud { $n } autorizada por 8 horas
tracing-did-deny = Solicitud { $n } denegada
tracing-matches = Números parecidos
tracing-matches-n = { $n } por ver
tracing-matches-none = Ninguna coincidencia espera.
tracing-matches-choose = Elija en la lista.
tracing-best-first = el mejor primero
tracing-which = Cuáles mostrar
tracing-undecided = por decidir
tracing-all = todos
tracing-more = Más
tracing-match-hand = Coincidencia en mano: { $ref }
tracing-match-firearm = parecido a { $ref }
tracing-match-duplicate = mismo número que { $ref }: ¿dos veces?
tracing-register = Registro
tracing-recovered = En el arma
tracing-each-mark = signo a signo
tracing-marks-of = { $a } frente a { $b }, signo a signo
tracing-relation-same = igual
tracing-relation-look-alike = se parecen
tracing-relation-unknown = ilegible
tracing-relation-missing = falta en el arma
tracing-relation-extra = de más en el arma
tracing-relation-swapped = intercambiados
tracing-relation-other = otro signo
tracing-relation-near = cercano
tracing-relation-differs = difiere
tracing-pair-look-alike = { $a } y { $b } se parecen
tracing-pairs-same = todos los signos iguales
tracing-pairs-unknown =
  { $n ->
    [one] { $n } signo ilegible
   *[other] { $n } signos ilegibles
  }
tracing-pairs-missing =
  { $n ->
    [one] falta { $n } signo
   *[other] faltan { $n } signos
  }
tracing-pairs-extra = { $n } de más
tracing-pairs-swapped =
  { $n ->
    [one] { $n } par intercambiado
   *[other] { $n } pares intercambiados
  }
tracing-pairs-other =
  { $n ->
    [one] { $n } signo difiere
   *[other] { $n } signos difieren
  }
tracing-part-register = 1 de { $entries } entradas, antes de mirar
tracing-part-marks =
  { $count ->
    [one] { $count } signo igual
   *[other] { $count } signos iguales
  }
tracing-part-look-alike =
  { $count ->
    [one] { $count } signo parecido
   *[other] { $count } signos parecidos
  }
tracing-part-unread =
  { $count ->
    [one] { $count } signo ilegible
   *[other] { $count } signos ilegibles
  }
tracing-part-swapped =
  { $count ->
    [one] { $count } par intercambiado
   *[other] { $count } pares intercambiados
  }
tracing-part-missing =
  { $count ->
    [one] falta { $count } signo
   *[other] faltan { $count } signos
  }
tracing-part-extra = { $count } de más
tracing-part-other =
  { $count ->
    [one] { $count } signo difiere
   *[other] { $count } signos difieren
  }
tracing-part-make = fabricante: { $value }, { $relation }
tracing-part-model = modelo: { $value }, { $relation }
tracing-part-calibre = calibre: { $value }, { $relation }
tracing-part-type = tipo: { $value }, { $relation }
tracing-part-pattern = forma de número de este fabricante
tracing-part-others =
  { $count ->
    [one] { $count } otro igual de cercano
   *[other] { $count } otros igual de cercanos
  }
tracing-near = en conjunto, de { $of } buscados
tracing-match-why = ¿Por qué «{ $verdict }»?
tracing-decide = Decidir
tracing-did-match = { $ref }: { $verdict }
tracing-did-unmatch = Decisión sobre { $ref } anulada
tracing-photos = fotos
tracing-photo-n =
  { $n ->
    [one] { $n } foto
   *[other] { $n } fotos
  }
tracing-photo-of = Fotografía de { $ref }
tracing-no-photo = sin foto
tracing-register-no-photo = registro, sin foto
tracing-open-work = Analizar { $ref }
tracing-start = Empiece por una recuperación.
tracing-start-hint = Elíjala en el tablero de recuperaciones (2) y pulse ↵.
key-tracing-move = vecino en la red
key-tracing-open = abrir o plegar
key-tracing-walk = vínculo a vínculo, con sus pruebas
key-tracing-table = tabla en lugar del dibujo
key-tracing-big = un solo dibujo, en grande
key-tracing-inferred = con o sin lo inferido
key-tracing-brush = acotar en el tiempo; flechas para ajustar
key-tracing-near = acercar, alejar, todo
key-tracing-decide = mismo, distinto, incierto
key-tracing-undo = deshacer la última decisión
tracing-land-florida = Florida
tracing-land-cuba = Cuba
tracing-land-jamaica = Jamaica
tracing-land-bahamas = Bahamas
tracing-land-haiti = Haití
tracing-land-dominican = Rep. Dominicana
tracing-land-puerto-rico = Puerto Rico
tracing-land-mexico = México
tracing-land-colombia = Colombia
tracing-land-venezuela = Venezuela
tracing-land-panama = Panamá
tracing-land-honduras = Honduras
tracing-land-georgia = Georgia
tracing-land-texas = Texas
tracing-land-trinidad = Trinidad
tracing-land-caribbean = Mar Caribe
tracing-land-gulf = Golfo
tracing-sold =
  { $n ->
    [one] { $n } arma vendida
   *[other] { $n } armas vendidas
  }
tracing-shared-by = común a { $n } armas
tracing-apart-days =
  { $n ->
    [one] a { $n } día
   *[other] a { $n } días
  }
tracing-apart-serials =
  { $n ->
    [one] a { $n } número
   *[other] a { $n } números
  }
tracing-rate-note = Pulse una casilla para poner su valoración; queda en el diario.
tracing-did-rate = Su valoración está en el diario
tracing-ways-to = Rutas probables hasta { $ref }
tracing-ways-from =
  { $n ->
    [one] con { $n } indicio
   *[other] con { $n } indicios
  }
tracing-ways-other = otras rutas
tracing-ways-none = ninguna de estas
tracing-networks = Redes halladas
tracing-networks-n = { $n } de { $of } armas en una red
tracing-networks-at = buscado { $at }
tracing-networks-stale = buscado { $at }; hay novedades desde entonces
tracing-networks-search = Buscar de nuevo
tracing-networks-none = Ninguna red. Empiece por una recuperación.
tracing-did-search = Búsqueda terminada: { $n } redes
tracing-network = Red
tracing-network-why = Por qué juntas
tracing-network-breaks = Lo que la rompería
tracing-network-without = sin { $what }: { $parts }
tracing-network-strongest = Vínculos más fuertes
tracing-evidenced-share = { $n } % de los vínculos probados
tracing-firearms = Armas
tracing-first-last = Primera y última recuperación
tracing-countries = Países
tracing-choose-recovery = Elija una recuperación en la lista.
tracing-choose-recovery-hint = Flechas y ↵; ↵ otra vez para analizarla.
tracing-board = Tablero
tracing-board-recoveries = Recuperaciones
tracing-board-firearms = Armas
tracing-filter = Elegir lo que se muestra
tracing-find-recovery = R-118, F-7, expediente, organismo, número…
tracing-find-firearm = F-118, R-3 o inicio del número
tracing-country = País
tracing-since-day = desde: 7/2026
tracing-until-day = hasta: 2026
tracing-incomplete = incompletas
tracing-missing = Falta
tracing-other = Otro
tracing-recovered-on = Recuperada el
tracing-trace-state = Solicitud de rastreo
tracing-none-such = Ninguna.
tracing-rows-shown =
  { $n ->
    [one] { $n } fila
   *[other] { $n } filas
  }
tracing-work-on = Analizar
tracing-add = Añadir
tracing-new-recovery = Nueva recuperación
tracing-draft-go = Seguir la recuperación empezada
tracing-add-items = Más objetos de { $ref }
tracing-form-note = tal como lo dice la fuente; todo o nada
tracing-item-n = Objeto { $n }
tracing-items-n =
  { $n ->
    [one] { $n } objeto
   *[other] { $n } objetos
  }
tracing-item-again = Otro igual
tracing-item-drop = Quitar
tracing-more-fields =
  { $n ->
    [one] { $n } campo más
   *[other] { $n } campos más
  }
tracing-kept-as-written = No se conoce: se guarda tal cual.
tracing-day-placeholder = 10/7/2026, 7/2026 o 2026
tracing-day-unread = Escriba día, mes, año: 10/7/2026
tracing-serial-note = ? para un signo ilegible; «borrado» si lo limaron
tracing-photo-add = Añadir fotos
tracing-photo-drop = Quitar esta foto
tracing-photo-large = Esta foto pesa { $n } MB; { $max } MB como máximo.
tracing-photo-kind = Solo se aceptan JPEG, PNG y WebP.
tracing-complete = { $have } de { $of } datos para un rastreo
tracing-standing-given = dado
tracing-standing-doubtful = dudoso
tracing-standing-missing = falta
tracing-standing-excused = no se puede dar
tracing-source = Fuente y reglas
tracing-source-kind = Clase
tracing-source-reference = Referencia
tracing-source-placeholder = Acta 118/26, 10 de julio de 2026
tracing-source-grade = Valoración
tracing-source-first = Dé primero la referencia de la fuente.
tracing-reliability = Fiabilidad de la fuente
tracing-credibility = Credibilidad de la información
tracing-handling = Quién puede tenerlo
tracing-handling-change = Cambiar
tracing-release-to = Comunicable a
tracing-release-note = Códigos de Estados o sitios; * para cualquiera
tracing-codes-unread = { $list }: no es un código. Escriba: US DO JM
tracing-purposes = Finalidades
tracing-onward-title = Retransmisión
tracing-onward-note = quien lo recibe puede pasarlo con las mismas reglas
tracing-review-on = Revisar antes del
tracing-record = Registrar
tracing-drop = Descartar el borrador
tracing-drop-sure = Pulse otra vez: se pierde todo
tracing-kept-typed = Lo que escribió sigue ahí: inténtelo cuando vuelva el enlace.
tracing-did-record = { $ref } registrada con { $n } objetos
tracing-recovery-hand = Recuperación en mano
tracing-contested-n =
  { $n ->
    [one] { $n } punto en conflicto
   *[other] { $n } puntos en conflicto
  }
tracing-similar-same-serial = mismo número de serie
tracing-similar-same-case = mismo expediente, mismo día
tracing-judge = Juzgar si es el mismo
tracing-judge-why = ¿Por qué? Queda en el diario.
tracing-did-judge = { $a } y { $b }: { $verdict }
tracing-sold-after = La primera venta sería posterior a la recuperación: una de las dos fechas está mal.
tracing-import = Importar un archivo
tracing-import-note = CSV, XLSX u ODS, 25 MB como máximo. Nada se escribe antes de ver qué pasaría con cada fila.
tracing-file-choose = Elegir el archivo
tracing-file-other = Otro archivo
tracing-file-large = Este archivo pesa { $n } MB; { $max } MB como máximo.
tracing-step-file = archivo
tracing-step-columns = columnas
tracing-step-dry = ensayo
tracing-step-run = escritura
tracing-taken = Archivos ya incorporados
tracing-rows = filas
tracing-rows-n =
  { $n ->
    [one] { $n } fila
   *[other] { $n } filas
  }
tracing-good = buenas
tracing-bad = malas
tracing-made = Creados
tracing-known = ya conocidos
tracing-not-done = sin terminar
tracing-mapping = Sentido de las columnas
tracing-mapping-own = elijo cada columna
tracing-mapping-none = Elija al menos una columna sobre un arma o una recuperación.
tracing-originator = De quién
tracing-originator-us = nosotros
tracing-column = Columna
tracing-sample = Ejemplos
tracing-means = Significa
tracing-means-of = Lo que significa «{ $column }»
tracing-not-read = no se lee
tracing-column-twice = Dos columnas para lo mismo: { $list }
tracing-doubt-dates-ambiguous = Las fechas se leen de dos maneras (03/04): compruebe.
tracing-doubt-dates-mixed = Unas fechas empiezan por el día, otras por el mes.
tracing-doubt-dates-unreadable = Algunas fechas no se leen.
tracing-doubt-no-serial = Sin columna de números de serie.
tracing-doubt-no-date = Sin columna de fechas.
tracing-dry-run = Ensayar
tracing-dry-note = El ensayo no escribe nada.
tracing-dry-title = Lo que pasaría
tracing-judging = Se examina cada fila…
tracing-running = Entrando
tracing-done = Incorporado
tracing-run = Escribir { $n } filas
tracing-run-good = Escribir las { $n } filas buenas, dejar { $bad }
tracing-stop = Detener
tracing-did-import = { $file }: { $n } filas incorporadas
tracing-flags = Guardado con duda
tracing-unread-columns = Columnas no leídas: { $list }
tracing-absent-columns = Columnas ausentes: { $list }
tracing-similar-n =
  { $n ->
    [one] { $n } fila se parece a otra
   *[other] { $n } filas se parecen a otras
  }
tracing-line = fila { $n }
tracing-line-title = Fila
tracing-bad-rows = Filas rechazadas
tracing-indicator = Indicador
tracing-share = Proporción
tracing-of = De
tracing-total = Total
tracing-period = del { $from } al { $to }; al { $as_of }
tracing-period-choose = Periodo
tracing-last-year = 12 meses
tracing-none-yet = Nada todavía.
tracing-small = menos de 10
tracing-small-note = «< 10»: los números pequeños se ocultan, para que nadie reconozca un caso. Rayado: solo se conocen los límites.
tracing-outcomes-year = Resultados, por año de recuperación
tracing-answered-partner = Nuestras solicitudes, por Estado
tracing-column-answered = respondidas
tracing-column-not = aún no
tracing-indicators-note = Solo las recuperaciones de este sitio; no son una muestra de las armas del país. No clasifique Estados con estas cifras.
tracing-ttc-title = De la venta a la recuperación
tracing-ttc-by = Distinguir
tracing-as-of = al { $day }
tracing-by-none = en conjunto
tracing-by-origin = país de venta
tracing-by-calibre = calibre
tracing-by-dealer = armería
tracing-curve-all = todas las armas
tracing-curve-label = { $title }: { $n } armas, la mitad en { $median } días
tracing-years-after = años tras la primera venta
tracing-curve-n = En la curva
tracing-curve-counts = { $n } armas: { $events } recuperadas, { $censored } aún no
tracing-curve-excluded = Fuera de la curva
tracing-curve-note = Banda: intervalo del 95 %. Puntos: ley de Weibull ajustada. Solo armas recuperadas y rastreadas: faltan las demás, y el tiempo parece más corto.
tracing-median = La mitad en
tracing-median-none = aún no la mitad
tracing-within-1 = En 1 año (95 %)
tracing-within-3 = En 3 años (95 %)
tracing-weibull = forma { $shape }, escala { $scale } años
tracing-log-rank = prueba log-rank p = { $p }
tracing-impossible =
  { $n ->
    [one] { $n } arma tiene fechas imposibles juntas.
   *[other] { $n } armas tienen fechas imposibles juntas.
  }
tracing-excluded-sale-unknown = venta no conocida
tracing-excluded-recovery-unknown = recuperación sin fecha
tracing-excluded-recovered-before-sale = recuperada antes de la venta
tracing-excluded-sold-after-as-of = venta futura
tracing-excluded-recovered-after-as-of = recuperación futura
tracing-excluded-before-window = antes del periodo
tracing-excluded-negative-days = duración negativa
tracing-side-both = Todas
tracing-side-in = Recibidas
tracing-side-out = Enviadas
tracing-only-open = abiertas
tracing-partner = Estado o sitio
tracing-owed-us =
  { $n ->
    [one] debemos { $n } respuesta
   *[other] debemos { $n } respuestas
  }
tracing-owed-them = nos deben { $n }
tracing-requests-none = Ninguna solicitud.
tracing-requests-choose = Elija una solicitud en la lista.
tracing-requests-choose-hint = Para hacer una, abra un arma y pulse R.
tracing-request-hand = Solicitud en mano
tracing-we-asked = pedimos a { $who }
tracing-they-asked = { $who } nos pide
tracing-turn-us = Nos toca a nosotros
tracing-turn-them = Les toca a ellos
tracing-turn-nobody = Terminada
tracing-clock-ack-due = acuse de recibo
tracing-clock-answer-due = respuesta
tracing-clock-lapse = caducidad
tracing-due-in = en { $time }
tracing-over-by = pasado por { $time }
tracing-trouble = Rechazaron nuestra última carta ({ $code }).
tracing-waits-second = La respuesta de { $who } espera a una segunda persona.
tracing-verb-edit = Cambiar
tracing-verb-approve = Aprobar
tracing-verb-send = Enviar
tracing-verb-acknowledge = Acusar recibo
tracing-verb-progress = En curso
tracing-verb-need-more = Pedir más datos
tracing-verb-refuse = Rechazar
tracing-verb-answer = Responder
tracing-verb-ask-again = Pedir otra vez
tracing-verb-sure = { $verb }: mire lo que sale y pulse otra vez
tracing-to-second = Pasar a una segunda persona
tracing-did-step = { $ref }: { $state }
tracing-did-draft = Borrador { $ref } para { $to }
tracing-draft-do = Hacer el borrador
tracing-draft-note = Nada sale todavía: se ve lo que saldría, una segunda persona aprueba y se envía.
tracing-to-whom = A quién
tracing-partner-off = suspendido
tracing-channel = Vía
tracing-channel-lanbi = carta firmada
tracing-channel-etrace = eTrace, a mano
tracing-channel-iarms = iARMS, a mano
tracing-channel-paper = papel
tracing-priority = Prioridad
tracing-outcome = Resultado
tracing-asks = Lo que falta
tracing-words = Palabras
tracing-tells-sale = La respuesta habla de una venta
tracing-names-buyer = Nombrar al comprador
tracing-names-buyer-note = debe aprobarlo una segunda persona
tracing-buyer-exists = hay un comprador
tracing-buyer-sealed = comprador sellado
tracing-clocks = Relojes
tracing-story = Historia
tracing-statements-n =
  { $n ->
    [one] { $n } declaración
   *[other] { $n } declaraciones
  }
tracing-receipt = recibo firmado, clave { $key }, { $at }
tracing-receipt-none = aún sin recibo
tracing-when-drafted = borrador
tracing-when-approved = aprobada
tracing-when-sent = enviada
tracing-when-arrived = llegada
tracing-when-delivered = entregada
tracing-when-acknowledged = recibida
tracing-when-in-progress = en curso
tracing-when-more-needed = faltan datos
tracing-when-sent-again = reenviada
tracing-when-answered = respondida
tracing-when-refused = rechazada
tracing-when-lapsed = caducada
tracing-step-said-drafted = Borrador
tracing-step-said-changed = Cambiada
tracing-step-said-approved = Aprobada por una segunda persona
tracing-step-said-sent = Enviada
tracing-step-said-arrived = Llegada
tracing-step-said-acknowledged = Acusada
tracing-step-said-in-progress = En curso
tracing-step-said-more-needed = Faltan datos
tracing-step-said-refused = Rechazada
tracing-step-said-answer-prepared = Respuesta preparada
tracing-step-said-answered = Respondida
tracing-step-said-lapsed = Caducada
tracing-step-said-withdrawn = Declaraciones retiradas
tracing-step-said-withdrawn-untold = Retirada sin comunicar
tracing-preview-title = Lo que saldría hacia { $who }
tracing-preview-needed = Los cinco datos
tracing-preview-kept = mostrar lo que se queda
tracing-preview-nothing = Nada saldría.
tracing-preview-buyer = revela que hay un comprador
tracing-goes-goes = sale
tracing-goes-stays = se queda
tracing-goes-missing = falta
tracing-report = Informe
tracing-exports = Lo que ha salido
tracing-exports-none = Nada ha salido.
tracing-export-new = Preparar un archivo para otro Estado
tracing-export-note = reducido a lo que el destinatario puede tener
tracing-export-chosen = los { $n } elementos del análisis
tracing-export-judgements = con los juicios
tracing-export-format = Formato
tracing-format-report = informe PDF
tracing-format-ftm = FollowTheMoney
tracing-format-stix = STIX 2.1
tracing-format-csv = tablas CSV
tracing-format-statements = declaraciones
tracing-export-claims = declaraciones
tracing-export-things = elementos
tracing-export-sources =
  { $n ->
    [one] de { $n } fuente
   *[other] de { $n } fuentes
  }
tracing-export-second = Una segunda persona debe aprobarlo antes de salir.
tracing-export-items = Ver los { $n } elementos uno por uno
tracing-export-make = Hacerlo
tracing-export-n = Archivo { $n }
tracing-export-waiting = espera a una segunda persona
tracing-export-ready = listo
tracing-export-refused = denegado
tracing-export-counts = { $statements } salen, { $kept } se quedan
tracing-export-handed =
  { $n ->
    [one] tomado { $n } vez
   *[other] tomado { $n } veces
  }
tracing-export-take = Tomar el archivo
tracing-did-export = Archivo { $n } para { $to } hecho
tracing-did-allow-export = Archivo { $n } aprobado
tracing-did-deny-export = Archivo { $n } denegado
