# Solicitudes de rastreo entre sitios y Estados.

trace-none = No existe esa solicitud de rastreo.
    .hint = Recargue y elíjala de la lista.
trace-changed = Otra persona modificó { $ref } (versión { $version }).
    .hint = Recargue, mire y decida de nuevo.
trace-step = { $ref } { $state ->
        [draft] es un borrador
        [sent] está enviada
        [acknowledged] está recibida
        [in_progress] está en curso
        [more_needed] espera más información
        [answered] está respondida
        [refused] fue rechazada
       *[lapsed] caducó
    }: eso no es posible ahora.
    .hint = A continuación: { $next ->
        [approve] una segunda persona la aprueba.
        [send] envíela.
        [edit] modifíquela.
        [acknowledge] acuse recibo primero.
        [progress] diga que alguien busca.
        [need_more] diga qué falta.
        [refuse] rechácela, con un motivo.
        [answer] respóndala.
        [wait] espere a la otra parte.
        [ask_again] redacte una solicitud nueva.
       *[none] nada: está cerrada.
    }
trace-second-person = Quien escribió { $ref } no puede aprobarla.
    .hint = Una segunda persona debe mirar lo que sale.
trace-person-needed = Eso es cosa de una persona, no de la clave de una máquina.
    .hint = Inicie sesión con su propia cuenta.
trace-not-as-approved = { $ref } ya no es lo que se aprobó.
    .hint = Algo se declaró, retiró o cambió desde entonces. Hágala aprobar de nuevo.
trace-not-asked = No preguntamos eso ({ $ref }).
    .hint = Hay que revisar el registro del otro sitio.
trace-open-already = Ya se preguntó a { $to } por esta arma: { $ref }.
    .hint = Espere esa, o deje que caduque.
trace-nothing-travels = Nada de { $ref } puede ir a { $to }.
    .hint = Mire la vista previa: las declaraciones dicen quién puede tenerlas y para qué.
trace-no-firearm = { $ref } no es un arma de fuego.
    .hint = Un rastreo se pide para un arma.
trace-to-us = { $to } es este mismo sitio.
    .hint = Pregunte a otro Estado o sitio.
trace-no-way = Las solicitudes no pueden ir a { $to } por carta.
    .hint = El administrador añade o abre el asociado; o elija otra vía y anótelo a mano.
trace-not-over = El plazo de { $ref } no ha vencido.
    .hint = Caduca sola en su día.
trace-asks = Más de { $limit } propiedades a la vez.
    .hint = Pida lo que un rastreo necesita de verdad.
trace-asks-nothing = Diga qué falta.
    .hint = Elija propiedades, o escríbalo.
trace-reason-missing = Un rastreo indeterminado necesita un motivo.
    .hint = Elija por qué no se halló a nadie.
trace-no-purchaser = La respuesta a { $ref } no nombra a ningún comprador.
    .hint = Declare primero la venta y su comprador, comunicables al solicitante; o responda sin nombres.
trace-terms = Esos días no se siguen: recibida, respondida, caducada.
    .hint = De 1 a { $limit } días, ninguno antes del que le precede.
trace-letter = La carta sobre una solicitud de rastreo no se puede leer: { $what }.
    .hint = El otro sitio puede ser de otra versión. Avise a su administrador.
