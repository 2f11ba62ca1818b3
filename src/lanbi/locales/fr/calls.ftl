# Appels, appels perdus et messages écrits.
call-none = Cet appel n’existe pas.
    .hint = Regardez la liste des appels ; il est peut-être d’un autre site.
call-taken = { $by } a pris l’appel { NUMBER($number, useGrouping: 0) }.
    .hint = Prenez le suivant ; ce que vous savez de celui-ci, dites-le à { $by }.
call-over = { $state ->
        [abandoned] L’appel { NUMBER($number, useGrouping: 0) } a cessé de sonner avant la réponse.
       *[other] L’appel { NUMBER($number, useGrouping: 0) } est terminé.
    }
    .hint = { $state ->
        [abandoned] Rappelez la personne, s’il y a un numéro.
       *[other] Si la personne rappelle, prenez le nouvel appel.
    }
call-not-ringing = L’appel { NUMBER($number, useGrouping: 0) } ne sonne plus.
    .hint = Regardez sa ligne : quelqu’un l’a pris, ou il est terminé.
call-not-answered = Personne n’est en ligne dans l’appel { NUMBER($number, useGrouping: 0) }.
    .hint = { $state ->
        [offered] Répondez d’abord.
       *[other] Il est terminé ; il n’y a rien à faire.
    }
text-waits = L’appel { NUMBER($number, useGrouping: 0) } est un message écrit : il ne cesse pas de sonner.
    .hint = Répondez-y, et terminez-le une fois traité.
call-joined = L’appel { NUMBER($number, useGrouping: 0) } est déjà joint à un incident.
    .hint = Détachez-le avant de le joindre à un autre.
call-not-joined = L’appel { NUMBER($number, useGrouping: 0) } n’est joint à aucun incident.
    .hint = Il n’y a rien à défaire.
callback-none = Aucun rappel n’est dû pour l’appel { NUMBER($number, useGrouping: 0) }.
    .hint = On ne rappelle que les appels perdus dont on a le numéro.
callback-settled = Le rappel de l’appel { NUMBER($number, useGrouping: 0) } est déjà réglé.
    .hint = Si vous avez rappelé encore, ajoutez ce qui s’est dit aux paroles de l’appel.
words-full = L’appel { NUMBER($number, useGrouping: 0) } contient déjà { $limit } textes.
    .hint = Écrivez la suite en note de l’incident.
number-unreadable = Ce n’est pas un numéro de téléphone.
    .hint = Écrivez de { $least } à { $limit } chiffres, avec + devant l’indicatif d’un pays.
channel-not-text = « { $given } » n’est pas un canal de messages écrits.
    .hint = Choisissez sms ou web.
offered-ahead = L’heure à laquelle l’appel aurait sonné n’est pas encore venue.
    .hint = Vérifiez l’heure et son décalage avec UTC.
field-not-sealed = Un appel n’a pas de « { $field } » scellé.
    .hint = Demandez number ou name.

# Promesses.
promise-none = Cette promesse n’existe pas.
    .hint = Regardez la liste des promesses.
promise-settled = { $outcome ->
        [kept] Cette promesse est déjà réglée : elle a été tenue.
        [released] Cette promesse est déjà réglée : la personne nous en a libérés.
       *[broken] Cette promesse est déjà réglée : elle n’a pas été tenue.
    }
    .hint = S’il reste quelque chose à faire, faites une nouvelle promesse.
promise-to-nobody = Une promesse demande un appel ou un incident.
    .hint = Dites à qui elle a été faite, ou à quel propos.
due-twice = L’échéance est donnée deux fois.
    .hint = Donnez due_in_s ou due_at, pas les deux.
due-impossible = L’échéance d’une promesse est à venir, et dans les { $days } jours.
    .hint = Choisissez une heure entre maintenant et { $days } jours.
