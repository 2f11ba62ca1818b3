# Alarmes : ce que le temps ne laisse pas oublier.
alarm-none = Cette alarme n’existe pas.
    .hint = Regardez la liste des alarmes (Maj+W).
alarm-taken = { $by } a déjà pris cette alarme.
    .hint = Voyez ce qui se fait ; prenez-en une autre.
alarm-over = La cause de cette alarme a disparu : il n’y a rien à mettre de côté.
    .hint = Prenez-la et elle quittera la liste.
alarm-not-shelved = Cette alarme n’est pas mise de côté.
    .hint = Son temps est peut-être écoulé ; regardez la liste des alarmes.
alarm-emergency = Une urgence ne se met pas de côté.
    .hint = Prenez-la et réglez ce qui se passe.
shelf-impossible = Une alarme de ce genre ne peut pas rester { $given } minutes de côté.
    .hint = Donnez un nombre de 1 à { $limit } minutes.
alarms-too-many = On prend { $limit } alarmes à la fois au plus ; vous en donnez { $given }.
    .hint = Prenez-les en deux fois.
