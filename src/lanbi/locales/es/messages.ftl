# Mensajes y canales.
message-none = No existe ese mensaje.
    .hint = Mire en la lista de mensajes; una unidad solo ve los suyos.
message-empty = El mensaje está vacío.
    .hint = Escriba algo o elija una plantilla.
message-twice = Da a la vez palabras y una plantilla.
    .hint = Envíe solo una; envíe la otra después.
message-role = No se puede escribir al rol «{ $given }».
    .hint = Elija operador de llamadas, despachador, jefe de sala o unidad de campo.
message-parties = El mensaje iría a { $given } personas y unidades; { $limit } como máximo.
    .hint = Envíelo por un canal más pequeño.
message-filters = Más de un filtro.
    .hint = Dé solo uno: canal, rol, unidad, cuenta, incidente o hilo.
message-not-addressed = Este mensaje no era para { $who }.
    .hint = Responden sus destinatarios; escriba otro mensaje.
message-answered = { $who } ya respondió: { $step ->
    [cannot_comply] no puede
   *[other] hecho
}.
    .hint = Envíe un mensaje nuevo si eso cambió.
receipt-time = Hora imposible: antes de enviarse el mensaje, o por venir.
    .hint = Dé la hora en que lo oyó.
receipt-before = { $who } ya estaba más adelante antes de esa hora.
    .hint = Mire las horas de los pasos anteriores y dé una posterior.
receipt-source = Esto lo anota otra persona; no es automático.
    .hint = Quite «source» o ponga «manual».
template-argument = «{ $name }» falta, no sirve, o la plantilla no lo pide.
    .hint = Rellene todo lo que pide la plantilla: minutos de 1 a 1440, incidente por su número.
channel-none = No hay canal «{ $id }».
    .hint = Mire en la lista de canales.
channel-closed = Este canal está cerrado.
    .hint = Escriba por otro, o pida al jefe de sala que abra uno.
channel-standing = El canal «{ $code }» es permanente; no se cierra.
    .hint = Solo se cierran los canales que alguien abrió.
vocabulary-blanks = «{ $term }», tabla «{ $table }» de { $file }: cada idioma debe pedir lo mismo, y solo { $blanks }.
    .hint = Ponga los mismos nombres entre llaves en los cuatro textos.
