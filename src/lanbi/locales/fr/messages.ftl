# Messages et canaux.
message-none = Ce message n’existe pas.
    .hint = Regardez dans la liste des messages ; une équipe ne voit que les siens.
message-empty = Le message est vide.
    .hint = Écrivez quelque chose, ou choisissez un modèle.
message-twice = Vous donnez à la fois des mots et un modèle.
    .hint = N’envoyez que l’un ; envoyez l’autre ensuite.
message-role = On ne peut pas écrire au rôle « { $given } ».
    .hint = Choisissez opérateur, régulateur, chef de salle ou équipe de terrain.
message-parties = Le message irait à { $given } personnes et unités ; { $limit } au plus.
    .hint = Envoyez-le sur un canal plus petit.
message-filters = Plus d’un filtre.
    .hint = N’en donnez qu’un : canal, rôle, unité, compte, incident ou fil.
message-not-addressed = Ce message n’était pas pour { $who }.
    .hint = Ce sont les destinataires qui répondent ; écrivez un autre message.
message-answered = { $who } a déjà répondu : { $step ->
    [cannot_comply] impossible
   *[other] fait
}.
    .hint = Envoyez un nouveau message si cela a changé.
receipt-time = Heure impossible : avant l’envoi du message, ou à venir.
    .hint = Donnez l’heure à laquelle vous l’avez entendu.
receipt-before = { $who } était déjà plus loin avant cette heure.
    .hint = Regardez les heures des étapes précédentes et donnez-en une plus tardive.
receipt-source = Quelqu’un d’autre entre cela ; ce n’est pas automatique.
    .hint = Retirez « source », ou mettez « manual ».
template-argument = « { $name } » manque, ne convient pas, ou n’est pas demandé par le modèle.
    .hint = Remplissez tout ce que le modèle demande : minutes de 1 à 1440, incident par son numéro.
channel-none = Il n’y a pas de canal « { $id } ».
    .hint = Regardez dans la liste des canaux.
channel-closed = Ce canal est fermé.
    .hint = Écrivez sur un autre, ou demandez au chef de salle d’en ouvrir un.
channel-standing = Le canal « { $code } » est permanent ; il ne se ferme pas.
    .hint = Seuls se ferment les canaux ouverts par quelqu’un.
vocabulary-blanks = « { $term } », table « { $table } » de { $file } : chaque langue doit demander la même chose, et seulement { $blanks }.
    .hint = Mettez les mêmes noms entre accolades dans les quatre textes.
