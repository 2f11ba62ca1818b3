banner-label = Llamada entrante
banner-rings = Suena
banner-lang = { $lang }, según lo que se sabe
banner-nowhere = Lugar aún desconocido
banner-like = Parece el mismo caso que
banner-like-none = No se parece a ningún incidente abierto
banner-more =
  { $n ->
    [one] + { $n } más suena
   *[other] + { $n } más suenan
  }
banner-join = Unir a { $number }
banner-leave = Dejar
banner-take = Tomar la llamada
online-label = En línea
call-number = Llamada { $number }
call-end = Colgar
call-end-number = Colgar la llamada { $number }
intake-pane = Llamada en curso
intake-label = Ficha de la llamada { $number }
intake-new = Nuevo incidente
intake-aside = A un lado
intake-lang = Idioma
intake-words = Sus palabras
intake-words-placeholder = Las palabras de quien llama, tal cual, en su idioma
intake-place = Lugar del incidente
intake-type = Tipo
intake-type-placeholder = ¿Qué pasa?
intake-priority = Prioridad
intake-proposed = propuesta por el tipo
intake-title = Título
intake-title-placeholder = En pocas palabras
intake-open = Abrir el incidente
intake-open-hint = lo demás puede venir después
intake-promise = Promesa
intake-promise-minutes = En cuántos minutos
intake-promise-make = Prometer
intake-number = Número
intake-purpose = ¿Con qué fin?
intake-reveal = Mostrar el número
intake-reveal-hint = la lectura quedará en el registro
place-placeholder = detrás de la iglesia…, junto a…, Delmas 33
place-none = No se encuentra. Las palabras quedan; haga clic en el mapa.
place-radius = Radio
place-confidence = Certeza
place-words-only = Solo palabras: aún no está en el mapa. Elija un lugar o haga clic en el mapa.
debts-title = Promesas y llamadas pendientes
debts-note = queda
debts-none = No se debe nada a nadie.
debts-more = { $n } más, la próxima en { $next }
debts-more-late = { $n } más, { $late } con retraso
debt-attempts =
  { $n ->
    [one] { $n } intento
   *[other] { $n } intentos
  }
debt-missed = perdida
debt-promise = promesa
debt-ringing = suena
did-take = Llamada { $number } tomada
did-end = Llamada { $number } terminada
did-join = Llamada unida a { $number }
did-promise = Promesa registrada: { $promise }
did-settle = Promesa saldada
did-callback = Llamada registrada
did-reveal = Lectura del número registrada
unjoin = separar de { $number }
did-unjoin = Llamada separada de { $number }
card-label = Ficha: { $card }
card-none = Ficha de preguntas
card-find = Elegir una ficha
card-find-placeholder = Ficha: accidente, disparos, parto…
card-change = cambiar
card-langs = Idiomas de las preguntas
card-done =
  { $n ->
    [one] { $n } pregunta vista
   *[other] { $n } preguntas vistas
  }
card-danger = La respuesta puede indicar peligro
card-yes = sí
card-no = no
card-unknown = no sabe
card-not = no «{ $what }»
card-keep = Anotar
card-back = Atrás
card-skip = Saltar
card-because = porque { $why }
card-accept = Aceptar
card-stands = aceptado
card-never = Nunca.
card-advice = Dígale a quien llama
card-advice-more =
  { $n ->
    [one] { $n } consejo más
   *[other] { $n } consejos más
  }
card-taken-back = respuesta retirada
did-adopt = { $number } pasa a { $priority }, según la ficha
why-meets = { $distance }, los círculos se tocan
why-near = { $distance }, muy cerca
why-no-place = lugares sin comparar
why-age = { $n } min
why-same-type = mismo tipo
why-alike = caso parecido
why-words = palabras: { $words }
intake-likes = Incidentes parecidos
banner-claim = Reservar
banner-claimed = { $who } la toma, { $n } s
banner-claimed-mine = Reservada para usted, { $n } s
did-claim = Llamada { $number } reservada por 10 segundos
call-hold = En espera
call-hold-number = Poner la llamada { $number } en espera
call-resume = Retomar
call-resume-number = Retomar la llamada { $number }
online-held = en espera { $time }
did-hold = Llamada { $number } en espera
did-resume = Llamada { $number } retomada
landmark-add = Guardar como punto de referencia
landmark-name = Nombre del lugar
landmark-kind = Tipo de lugar
landmark-zone = ¿En qué barrio o sección?
landmark-save = Guardar
landmark-leave = Dejar
landmark-no-point = Elija un barrio o haga clic en el mapa.
did-place-kept = { $name } está en el nomenclátor; todos lo encuentran
kind-landmark = referencia
kind-church = iglesia
kind-market = mercado
kind-school = escuela
kind-hospital = hospital, salud
kind-fuel = gasolinera
kind-bridge = puente
kind-crossroads = cruce
kind-square = plaza
kind-police = comisaría
relation-behind = detrás de
relation-opposite = frente a
relation-beside = al lado de
relation-before = antes de
relation-after = después de
relation-in-front = delante de
relation-below = debajo de
relation-above = encima de
relation-between = entre
relation-toward = hacia
relation-inside = dentro de
relation-corner = en la esquina de
place-nudge = Alt + flechas: mover · Alt + PgUp/PgDn: radio · Alt + C: certeza
