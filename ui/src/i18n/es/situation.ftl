room-situation = Situación
room-wall = Tablero mural
figures-waiting = Llegan las cifras…
figures-aged = cifras de hace { $age }
norms-title = Normas
norms-group = Grupo de incidentes
norms-all-groups = todos los grupos
norms-window = Período
norms-window-watch = esta guardia
norms-window-24 = 24 h
norms-window-168 = 7 días
norms-window-744 = 31 días
norms-none = Ninguna norma.
norm = Norma
norm-target = Meta
norm-kept-of = Cumplidas / de
norm-running = En curso
norm-running-hint = Empezados, sin terminar, aún en norma: todavía no se cuentan
norm-late = Con retraso
norm-late-hint = Sin terminar y fuera de norma, o colgó después: contados como fallados
norm-left-out = Sin medir
norm-of-total = medidos { $of } de { $total }
norm-left-no-start = { $n } sin hora de inicio
norm-left-no-end = { $n } sin hora de fin
norm-left-late-entry =
  { $n ->
    [one] { $n } anotado después
   *[other] { $n } anotados después
  }
norm-left-out-of-order =
  { $n ->
    [one] { $n } hora en desorden
   *[other] { $n } horas en desorden
  }
norm-left-gave-up =
  { $n ->
    [one] { $n } colgó antes
   *[other] { $n } colgaron antes
  }
hours-label = { $norm }, por hora
hours-hour = Hora
hours-day = Día
hours-none = Nada medido.
zones-title = Silencio
zones-map = Mapa del silencio; la tabla dice lo mismo
zones-none = Aún no hay zonas. Se forman solas cuando hay unidades y comunas.
zone = Zona
zone-state = Estado
zone-since = Hace
zone-why = Por qué
zone-why-no-unit = Ninguna unidad disponible, asignada o presente
zone-why-links-lost = { $lost }: última señal hace { $age }
zone-why-never-so-few = 0 llamadas en 1 h. Misma hora, { $n } días: mínimo { $least }, mediana { $median }
zone-why-as-usual = 0 llamadas en 1 h, como siempre: mediana { $median } en { $n } días
zone-why-heard = { $events ->
    [one] 1 llamada o reporte
   *[other] { $events } llamadas o reportes
  } en 1 h, { $units ->
    [one] 1 unidad
   *[other] { $units } unidades
  }
zone-why-too-little-history = 0 llamadas en 1 h. Historia demasiado corta: { $n } días de 19
zone-why-no-link-to-check = 0 llamadas en 1 h, y las unidades no llevan localizador
zone-why-not-yet = Aún sin observar
ledger-title = Demanda sin servicio
ledger-of = { $n } de { $of } desde { $since }
ledger-served = atendidas después: { $n }
ledger-priority = Prioridad
ledger-reason = Razón
ledger-said = Dicho a las
ledger-how-long = Duración
ledger-end = Desenlace
ledger-open = sigue esperando
ledger-none = Nadie quedó sin servicio.
load-title = Carga de trabajo
load-seats = puestos ocupados: { $n } de { $of }
load-own = solo su puesto
load-since = desde { $at }
load-seat = Puesto
load-sitting = Sentado
load-sitting-hint = Desde hace cuánto está abierta la sesión
load-calls = Llam.
load-talking = En línea
load-incidents = Incid.
load-assignments = Envíos
load-promises = Prom.
load-overdue = { $n } con retraso
load-none = Ninguna cuenta de la sala.
load-share = En servicio
load-busy = Min / de
load-tasks = Tareas
load-note = Por nombre, para planear el relevo. No es una clasificación.
house-title = La casa
house-power = Energía
house-links = Enlaces
house-source = Fuente
house-generator-left = Generador, autonomía
house-battery-left = Batería, autonomía
house-lasting-unreadable = Escriba 6:40 o 40 min.
house-link-name = Nombre del enlace
house-link-kind = Tipo
house-link-state = Estado
house-latency = Retardo (ms)
house-tell-power = Indicar la energía
house-tell-link = Indicar un enlace
house-told = hace { $age }, { $by }
house-told-age = hace { $age }
house-untold = nadie lo ha dicho
house-no-links = Ningún enlace en la lista.
house-edit = cambiar
house-change = Cambiar el estado de { $name }
did-house-power = Estado de la energía guardado
did-house-link = Estado de { $name } guardado
unserved-foot =
    { $n ->
        [one] demanda
       *[other] demandas
    } sin servicio desde las { $since }
unserved-of = de { $of }
unserved-mark = Nadie puede ir
unserved-why = Por qué nadie puede ir a { $number }
unserved-words = Una palabra, si hace falta
unserved-count = Anotar sin servicio
unserved-stands = Sin servicio
unserved-by = { $by }, { $at }
unserved-withdraw = retirar, fue un error
did-unserved = { $number } anotado sin servicio
did-withdraw-unserved = { $number } retirado del registro
wall-incidents = Incidentes abiertos
wall-waiting = Espera
wall-running = En curso
wall-oldest = antiguo
wall-since = desde { $at }
wall-target = meta { $share } %
wall-silence = Zonas en silencio
wall-no-zones = Aún no hay zonas
wall-no-silence = Ninguna zona en silencio
wall-more = { $n } no caben
wall-age = estos datos tienen { $age }
wall-never = sin datos
wall-leave = Esc para salir del tablero
