queue-title = Incidentes
queue-open =
  { $n ->
    [one] { $n } abierto
   *[other] { $n } abiertos
  }
queue-order = prioridad, luego edad
queue-waiting = Esperan una unidad
queue-waiting-note = edad / norma
queue-waiting-none = Nadie espera una unidad.
queue-underway = En curso
queue-underway-note = unidad, estado, tiempo
queue-underway-none = Nada en curso.
queue-left = cerrado
incident-pane = Incidente elegido
incident-none = Ningún incidente elegido
incident-none-hint = Elija uno de la lista, o N para uno nuevo.
incident-none-first = Primero de la lista
incident-untyped = Tipo desconocido
incident-calls =
  { $n ->
    [one] { $n } llamada
   *[other] { $n } llamadas
  }
incident-closed = cerrado
incident-needs = necesita: { $list }
incident-place = Lugar
incident-links = Vinculado a
incident-end = Resultado
clocks-title = Tiempos
act-note = nota
act-priority = prioridad
act-type = tipo
act-place = lugar
act-link = vincular
act-close = cerrar
act-reopen = reabrir
act-title = Cambiar el título: { $title }
form-title = Título
form-prioritise = Prioridad
form-classify = Tipo
form-relocate = Lugar
form-link = Vincular con cuál
form-relation = Relación
form-close = Cerrar el incidente
form-disposition = ¿Cómo terminó?
form-close-words = En pocas palabras, si hace falta
form-reopen = Reabrir el incidente
form-reopen-reason = ¿Por qué?
note-label = Nota en { $number }
note-placeholder = Añadir una nota a { $number }…
note-hint = cualquier idioma · queda el original
note-send = Añadir
log-title = Bitácora
log-note = solo se añade, nada se borra
log-system = sis
log-due = antes de { $at }
log-entered = anotado { $at }
log-erased = palabras borradas según la ley
log-unreadable = No se puede leer ahora; esto es lo último recibido.
did-open = Incidente { $number } abierto
did-note = Nota registrada en { $number }
did-title = Título de { $number } cambiado
did-classify = Tipo de { $number } registrado
did-prioritise = Prioridad de { $number } registrada
did-relocate = Lugar de { $number } registrado
did-link = Vínculo de { $number } registrado
did-close = { $number } cerrado
did-reopen = { $number } reabierto
queue-to-close = por cerrar
queue-closing = Por cerrar
unlink = desvincular
unlink-from = Desvincular de { $number }
did-unlink = Desvinculado de { $number }
