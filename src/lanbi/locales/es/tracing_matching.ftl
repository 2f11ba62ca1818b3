# Cotejo privado de números de serie.

matching-library-missing = El cotejo privado no puede arrancar: { $reason }.
    .hint = La carpeta temporal debe permitir programas; ajuste TMPDIR.
matching-input-impossible = Eso no se puede cotejar.
    .hint = Se necesitan un fabricante y un número leído por entero.
matching-scalar-bad = Un secreto del cotejo está dañado.
    .hint = Pregunte de nuevo.
matching-key-bad = La clave de cotejo del socio no es válida.
    .hint = Pida de nuevo la carta al socio.
matching-element-bad = El elemento { $position } recibido no es del grupo.
    .hint = El mensaje está dañado o es hostil; no se respondió nada.
matching-answer-count = Se preguntaron { $asked } y se respondieron { $answered }.
    .hint = No se usa nada de la respuesta; pregunte de nuevo.
matching-batch-empty = No se pregunta nada.
    .hint = Elija al menos un arma.
matching-batch-form = La pregunta es de forma { $form }, desconocida aquí.
    .hint = Uno de los dos sitios debe actualizarse.
matching-field-unusable = { $field } no se puede usar.
    .hint = Letras, cifras y guiones, no demasiados.
matching-message-malformed = El mensaje del cotejo no se puede leer.
    .hint = Pida al socio que lo envíe de nuevo.
matching-set-malformed = El conjunto del socio no se puede leer.
    .hint = Tráigalo de nuevo.
matching-set-form = El conjunto es de forma { $form }, desconocida aquí.
    .hint = Uno de los dos sitios debe actualizarse.
matching-set-damaged = El conjunto cambió en el camino.
    .hint = Su huella no coincide; tráigalo de nuevo.
matching-batch-large = { $given } a la vez; el límite es { $limit }.
    .hint = Pregunte por partes.
matching-set-large = Un conjunto de { $given } entradas; el límite es { $limit }.
    .hint = Divida el registro.
matching-proof-wrong = La respuesta no se hizo con la clave { $key_id }: su prueba no se sostiene.
    .hint = No se usa nada de ella. Hable con el socio por otra vía.
matching-key-other = La pregunta es para la clave { $asked }; este registro tiene { $held }.
    .hint = Traiga de nuevo el conjunto del registro y pregunte otra vez.
matching-quota-day = { $asked } pedidos, quedan { $left } hoy de { $limit }.
    .hint = Más a partir de { $opens_at }.
matching-quota-case = { $asked } pedidos, quedan { $left } para este expediente de { $limit }.
    .hint = Más a partir de { $opens_at }.
matching-quota-never = Nunca se pueden preguntar { $asked } a la vez; el límite es { $limit }.
    .hint = Pregunte por partes.

# Ofertas de registros, lotes de preguntas y qué fue de ellos.
matching-changed = Alguien cambió esta oferta (versión { $version }) mientras usted la miraba.
    .hint = Recargue la página, mire y decida de nuevo.
matching-offer-none = Esa oferta no existe.
    .hint = Elíjala en la lista.
matching-offer-building = El conjunto de «{ $register }» para este socio aún se está preparando.
    .hint = Espere a que salga su carta.
matching-offer-not-ready = El conjunto de { $partner } aún no está aquí.
    .hint = Se trae solo; si no hay enlace, haga traer su archivo.
matching-offer-over = Ya no se puede preguntar por «{ $register }» con esta oferta.
    .hint = Hay una más nueva en la lista, o su dueño la retiró.
matching-offer-known = Ese conjunto ya se ofreció ({ $digest }…).
    .hint = Pida al socio que ofrezca de nuevo el registro.
matching-offers-many = Un socio puede tener { $limit } ofertas vigentes aquí.
    .hint = Que retire las que ya no sirven.
matching-quota-impossible = Una cuota de { $given } no puede ser: de 1 a { $limit }.
    .hint = Elija un número entre los dos.
matching-release-kept = Las reglas del registro no lo dejan ir a este socio: { $why ->
        [stopped] su originador detuvo todo uso
        [red] es TLP:RED
        [not_named] no nombran al socio
        [purpose] no para este fin
        [onward] no nos corresponde pasarlo
        [review_due] su revisión está vencida
       *[other] { $why }
    }.
    .hint = Decide su originador; no se respondió nada.
matching-register-gone = El registro «{ $register }» fue retirado entretanto.
    .hint = Ofrezca uno vigente.
matching-register-empty = «{ $register }» no tiene ningún asiento con fabricante conocido y número leído por entero.
    .hint = Importe de nuevo el registro con sus fabricantes.
matching-register-unknown = El socio no le ofrece ese registro.
    .hint = Mire la lista de sus ofertas.
matching-build-fault = No se pudo preparar el conjunto ({ $reason }).
    .hint = El registro técnico del nodo dice más. Ofrezca de nuevo el registro.
matching-letter-refused = El otro sitio no toma la carta ({ $reason }).
    .hint = Hable con su administrador; luego se puede enviar de nuevo.
matching-owner-unable = El otro sitio no puede responder; la falla es suya.
    .hint = Avise a su administrador y pregunte de nuevo.
matching-refused-otherwise = El otro sitio se niega por una razón que esta versión no conoce ({ $code }).
    .hint = Uno de los dos sitios debe actualizarse.
matching-query-none = Ese lote de preguntas no existe.
    .hint = Elíjalo en la lista.
matching-query-unknown = Este sitio no preguntó eso.
    .hint = No se usa nada de la respuesta.
matching-query-twice = Otro lote ya tiene ese número.
    .hint = Pregunte de nuevo.
matching-not-answered = { $partner } no ha respondido este lote.
    .hint = Su respuesta llegará sola.
matching-nothing-to-open = Ninguna de las { $asked } está: no hay nada que abrir.
    .hint = Pregunte a otro socio.
matching-pending-gone = Lo guardado de este lote se borra a los { $days } días.
    .hint = Pregunte de nuevo.
matching-set-none = Ese conjunto no está aquí.
    .hint = Pudo ser reemplazado, o se cortó el intercambio. Pida al socio su oferta más nueva.
matching-set-unasked = Ninguna carta firmada nombra este conjunto ({ $digest }…).
    .hint = Primero debe estar aquí su carta, por enlace o por archivo.
matching-set-other = No es el conjunto que firmó el socio: otro valor de { $field }.
    .hint = No se usa. Tráigalo de nuevo o hable con el socio por otra vía.
matching-set-long = Llegaron más de los { $limit } bytes del conjunto.
    .hint = Revise la dirección. Se intenta de nuevo solo.
matching-door-full = Demasiados piden conjuntos a la vez.
    .hint = De nuevo en { $retry_after_s } s.
matching-side = «{ $given }» no es un lado.
    .hint = Hay: { $known }.
matching-not-askable-serial_none = No consta número de serie.
matching-not-askable-serial_unread = Su número no se leyó por entero.
matching-not-askable-make_none = No consta fabricante.
matching-not-askable-make_unknown = No se reconoce su fabricante.
