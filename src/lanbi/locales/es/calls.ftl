# Llamadas, llamadas perdidas y mensajes escritos.
call-none = Esa llamada no existe.
    .hint = Mire la lista de llamadas; puede ser de otro centro.
call-taken = { $by } ya atendió la llamada { NUMBER($number, useGrouping: 0) }.
    .hint = Tome la siguiente; lo que sepa de esta, dígaselo a { $by }.
call-over = { $state ->
        [abandoned] La llamada { NUMBER($number, useGrouping: 0) } dejó de sonar antes de atenderse.
       *[other] La llamada { NUMBER($number, useGrouping: 0) } ya terminó.
    }
    .hint = { $state ->
        [abandoned] Devuelva la llamada, si hay número.
       *[other] Si la persona llama otra vez, tome la llamada nueva.
    }
call-not-ringing = La llamada { NUMBER($number, useGrouping: 0) } ya no suena.
    .hint = Mire su fila: alguien la tomó, o ya terminó.
call-not-answered = No hay nadie en línea en la llamada { NUMBER($number, useGrouping: 0) }.
    .hint = { $state ->
        [offered] Atiéndala primero.
       *[other] Ya terminó; no hay nada que hacer.
    }
text-waits = La llamada { NUMBER($number, useGrouping: 0) } es un mensaje escrito: no deja de sonar.
    .hint = Atiéndalo, y termínelo cuando lo haya tratado.
call-joined = La llamada { NUMBER($number, useGrouping: 0) } ya está unida a un incidente.
    .hint = Sepárela antes de unirla a otro.
call-not-joined = La llamada { NUMBER($number, useGrouping: 0) } no está unida a ningún incidente.
    .hint = No hay nada que deshacer.
callback-none = No hay que devolver la llamada { NUMBER($number, useGrouping: 0) }.
    .hint = Solo se devuelven las llamadas perdidas que tienen número.
callback-settled = La devolución de la llamada { NUMBER($number, useGrouping: 0) } ya está saldada.
    .hint = Si llamó otra vez, añada lo dicho a las palabras de la llamada.
words-full = La llamada { NUMBER($number, useGrouping: 0) } ya tiene { $limit } textos.
    .hint = Escriba lo demás como nota del incidente.
number-unreadable = Eso no es un número de teléfono.
    .hint = Escriba de { $least } a { $limit } cifras, con + delante del código de un país.
channel-not-text = «{ $given }» no es un canal de mensajes escritos.
    .hint = Elija sms o web.
offered-ahead = La hora en que sonó la llamada aún no ha llegado.
    .hint = Compruebe la hora y su diferencia con UTC.
field-not-sealed = Una llamada no tiene «{ $field }» sellado.
    .hint = Pida number o name.

# Promesas.
promise-none = Esa promesa no existe.
    .hint = Mire la lista de promesas.
promise-settled = { $outcome ->
        [kept] Esta promesa ya está saldada: se cumplió.
        [released] Esta promesa ya está saldada: la persona nos liberó de ella.
       *[broken] Esta promesa ya está saldada: no se cumplió.
    }
    .hint = Si se debe algo otra vez, haga una promesa nueva.
promise-to-nobody = Una promesa necesita una llamada o un incidente.
    .hint = Diga a quién se hizo, o sobre qué.
due-twice = El plazo se dio dos veces.
    .hint = Dé due_in_s o due_at, no ambos.
due-impossible = El plazo de una promesa es posterior a ahora, y dentro de { $days } días.
    .hint = Elija una hora entre ahora y { $days } días.
