# Alarmas: lo que el tiempo no deja olvidar.
alarm-none = Esa alarma no existe.
    .hint = Mire la lista de alarmas (Mayús+W).
alarm-taken = { $by } ya tomó esta alarma.
    .hint = Vea lo que está haciendo; tome otra.
alarm-over = La causa de esta alarma terminó: no hay nada que apartar.
    .hint = Tómela y saldrá de la lista.
alarm-not-shelved = Esta alarma no está apartada.
    .hint = Quizá se acabó su tiempo; mire la lista de alarmas.
alarm-emergency = Una emergencia no se aparta.
    .hint = Tómela y atienda lo que pasa.
shelf-impossible = Una alarma así no puede quedar apartada { $given } minutos.
    .hint = Dé un número de 1 a { $limit } minutos.
alarms-too-many = Se toman { $limit } alarmas a la vez como máximo; usted da { $given }.
    .hint = Tómelas en dos veces.
