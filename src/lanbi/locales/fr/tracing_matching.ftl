# Rapprochement privé des numéros de série.

matching-library-missing = Le rapprochement privé ne peut pas démarrer : { $reason }.
    .hint = Le dossier temporaire doit permettre l’exécution ; réglez TMPDIR.
matching-input-impossible = Cela ne peut pas être rapproché.
    .hint = Il faut un fabricant et un numéro entièrement lu.
matching-scalar-bad = Un secret du rapprochement est abîmé.
    .hint = Recommencez la demande.
matching-key-bad = La clé de rapprochement du partenaire n’en est pas une.
    .hint = Redemandez la lettre au partenaire.
matching-element-bad = L’élément { $position } reçu n’appartient pas au groupe.
    .hint = Le message est abîmé ou hostile ; rien n’a été répondu.
matching-answer-count = { $asked } demandés, { $answered } répondus.
    .hint = Rien de la réponse n’est utilisé ; recommencez.
matching-batch-empty = Rien n’est demandé.
    .hint = Choisissez au moins une arme.
matching-batch-form = La question est de forme { $form }, inconnue ici.
    .hint = L’un des deux sites doit être mis à jour.
matching-field-unusable = { $field } est inutilisable.
    .hint = Lettres, chiffres et tirets, sans excès.
matching-message-malformed = Le message de rapprochement est illisible.
    .hint = Demandez au partenaire de le renvoyer.
matching-set-malformed = L’ensemble du partenaire est illisible.
    .hint = Récupérez-le de nouveau.
matching-set-form = L’ensemble est de forme { $form }, inconnue ici.
    .hint = L’un des deux sites doit être mis à jour.
matching-set-damaged = L’ensemble a été modifié en route.
    .hint = Son empreinte ne convient pas ; récupérez-le de nouveau.
matching-batch-large = { $given } à la fois, pour { $limit } au plus.
    .hint = Demandez en plusieurs fois.
matching-set-large = Un ensemble de { $given } entrées, pour { $limit } au plus.
    .hint = Divisez le registre.
matching-proof-wrong = La réponse n’est pas faite avec la clé { $key_id } : sa preuve ne tient pas.
    .hint = Rien n’en est utilisé. Parlez au partenaire par une autre voie.
matching-key-other = La question vise la clé { $asked } ; ce registre a { $held }.
    .hint = Récupérez l’ensemble du registre, puis redemandez.
matching-quota-day = { $asked } demandés, il en reste { $left } aujourd’hui sur { $limit }.
    .hint = D’autres à partir de { $opens_at }.
matching-quota-case = { $asked } demandés, il en reste { $left } pour ce dossier sur { $limit }.
    .hint = D’autres à partir de { $opens_at }.
matching-quota-never = On ne peut jamais en demander { $asked } à la fois ; { $limit } au plus.
    .hint = Demandez en plusieurs fois.

# Offres de registres, lots de questions et ce qu’ils sont devenus.
matching-changed = Quelqu’un a modifié cette offre (version { $version }) pendant que vous la regardiez.
    .hint = Rechargez la page, regardez et décidez de nouveau.
matching-offer-none = Cette offre n’existe pas.
    .hint = Choisissez-la dans la liste.
matching-offer-building = L’ensemble de « { $register } » pour ce partenaire est encore en préparation.
    .hint = Attendez que sa lettre soit partie.
matching-offer-not-ready = L’ensemble de { $partner } n’est pas encore ici.
    .hint = Il est récupéré tout seul ; sans liaison, faites apporter son fichier.
matching-offer-over = « { $register } » ne peut plus être interrogé sous cette offre.
    .hint = Une plus récente est dans la liste, ou son propriétaire l’a reprise.
matching-offer-known = Cet ensemble a déjà été offert ({ $digest }…).
    .hint = Demandez au partenaire d’offrir de nouveau le registre.
matching-offers-many = Un partenaire peut avoir { $limit } offres en cours ici.
    .hint = Qu’il retire celles qui ne servent plus.
matching-quota-impossible = Un quota de { $given } est impossible : de 1 à { $limit }.
    .hint = Choisissez un nombre entre les deux.
matching-release-kept = Les règles du registre le gardent de ce partenaire : { $why ->
        [stopped] son auteur a arrêté toute utilisation
        [red] il est TLP:RED
        [not_named] le partenaire n’y est pas nommé
        [purpose] pas pour cette finalité
        [onward] il ne nous appartient pas de le transmettre
        [review_due] leur révision est en retard
       *[other] { $why }
    }.
    .hint = C’est son auteur qui décide ; rien n’a été répondu.
matching-register-gone = Le registre « { $register } » a été retiré entre-temps.
    .hint = Offrez-en un qui est en vigueur.
matching-register-empty = « { $register } » n’a aucune inscription avec un fabricant connu et un numéro entièrement lu.
    .hint = Reprenez le registre avec ses fabricants.
matching-register-unknown = Le partenaire ne vous offre pas ce registre.
    .hint = Voyez la liste de ses offres.
matching-build-fault = L’ensemble n’a pas pu être préparé ({ $reason }).
    .hint = Le journal du nœud en dit plus. Offrez de nouveau le registre.
matching-letter-refused = L’autre site ne prend pas la lettre ({ $reason }).
    .hint = Parlez à son administrateur ; la lettre pourra alors repartir.
matching-owner-unable = L’autre site ne peut pas répondre ; la faute est chez lui.
    .hint = Dites-le à son administrateur, puis redemandez.
matching-refused-otherwise = L’autre site refuse pour une raison inconnue de cette version ({ $code }).
    .hint = L’un des deux sites doit être mis à jour.
matching-query-none = Ce lot de questions n’existe pas.
    .hint = Choisissez-le dans la liste.
matching-query-unknown = Ce site n’a pas demandé cela.
    .hint = Rien de la réponse n’est utilisé.
matching-query-twice = Un autre lot porte déjà ce numéro.
    .hint = Recommencez la demande.
matching-not-answered = { $partner } n’a pas répondu à ce lot.
    .hint = Sa réponse viendra d’elle-même.
matching-nothing-to-open = Aucune des { $asked } n’y est : rien à ouvrir.
    .hint = Interrogez un autre partenaire.
matching-pending-gone = Ce qui était gardé de ce lot est effacé après { $days } jours.
    .hint = Recommencez la demande.
matching-set-none = Cet ensemble n’est pas ici.
    .hint = Il a pu être remplacé, ou l’échange coupé. Demandez au partenaire son offre la plus récente.
matching-set-unasked = Aucune lettre signée ne nomme cet ensemble ({ $digest }…).
    .hint = Sa lettre doit d’abord être ici, par liaison ou par fichier.
matching-set-other = Ce n’est pas l’ensemble que le partenaire a signé : autre { $field }.
    .hint = Il n’est pas utilisé. Récupérez-le de nouveau, ou parlez au partenaire par une autre voie.
matching-set-long = Il est venu plus que les { $limit } octets de l’ensemble.
    .hint = Vérifiez l’adresse. Nouvel essai automatique.
matching-door-full = Trop de demandes d’ensembles à la fois.
    .hint = De nouveau dans { $retry_after_s } s.
matching-side = « { $given } » n’est pas un côté.
    .hint = Il y a : { $known }.
matching-not-askable-serial_none = Aucun numéro de série n’est indiqué.
matching-not-askable-serial_unread = Son numéro n’est pas entièrement lu.
matching-not-askable-make_none = Aucun fabricant n’est indiqué.
matching-not-askable-make_unknown = Son fabricant n’est pas reconnu.
