# Défaire ce qu’on vient de faire.
undo-late = Plus de { $seconds } secondes ont passé : il est trop tard pour annuler.
    .hint = Faites maintenant le contraire ; les deux restent au journal.
undo-not-yours = C’est { $by } qui l’a fait ; lui seul peut l’annuler.
    .hint = Appelez cette personne, ou faites le contraire par une commande.
undo-overtaken = Autre chose s’est passé depuis ; rien n’est annulé.
    .hint = Regardez l’état actuel, puis changez-le à la main.
undo-nothing = Il n’y a rien à annuler ici.
    .hint = Changez-le à la main ; l’ancienne valeur est au journal.
note-none = L’incident { NUMBER($number, useGrouping: 0) } n’a pas cette note.
    .hint = Regardez sa main courante ; chaque note a son numéro.
note-withdrawn = Cette note est déjà retirée.
    .hint = Écrivez-en une autre s’il y a quelque chose à dire.
