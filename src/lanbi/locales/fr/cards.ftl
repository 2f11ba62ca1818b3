# Fiches de questions, appels réservés.

call-claimed = { $by } prend l’appel { NUMBER($number, useGrouping: 0) }.
    .hint = Prenez le suivant. S’il n’est pas pris dans 10 secondes, vous pouvez le prendre.
answers-full = L’appel { NUMBER($number, useGrouping: 0) } a déjà { NUMBER($limit) } réponses.
    .hint = Écrivez le reste dans les paroles de l’appelant ou dans une note.
card-unknown = Il n’y a pas de fiche « { $card } ».
    .hint = Rechargez la page : les fiches ont peut-être changé.
card-question-unknown = La fiche « { $card } » n’a pas de question « { $question } ».
    .hint = Rechargez la page : les fiches ont peut-être changé.
card-rule-unknown = La fiche « { $card } » n’a pas de règle « { $rule } ».
    .hint = Rechargez la page, puis acceptez de nouveau la proposition.
card-answer-unknown = La question « { $question } » n’accepte pas « { $given } ».
    .hint = Réponses possibles : { $known }.
card-answer-count = La question « { $question } » attend un nombre.
    .hint = Donnez un nombre de 0 à { NUMBER($limit, useGrouping: 0) }, ou « ne sait pas ».
card-wrong = La fiche { $file } est fautive : { $reason }.
    .hint = Corrigez le fichier et relancez Lanbi. Voir docs/guides/cards.md.
card-unreadable = La fiche { $file } est illisible : { $reason }.
    .hint = Le fichier doit être du TOML en UTF-8.
card-too-large = La fiche { $file } est trop grande.
    .hint = Une fiche ne dépasse pas { NUMBER($limit) } octets.
card-too-many = Il y a trop de fiches.
    .hint = Gardez-en { NUMBER($limit) } au plus.
