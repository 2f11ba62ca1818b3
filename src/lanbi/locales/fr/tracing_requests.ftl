# Demandes de traçage entre sites et États.

trace-none = Cette demande de traçage n’existe pas.
    .hint = Rechargez et choisissez-la dans la liste.
trace-changed = { $ref } a été modifiée par quelqu’un d’autre (version { $version }).
    .hint = Rechargez, regardez, et décidez de nouveau.
trace-step = { $ref } est { $state ->
        [draft] un brouillon
        [sent] envoyée
        [acknowledged] reçue
        [in_progress] en cours
        [more_needed] en attente d’un complément
        [answered] répondue
        [refused] refusée
       *[lapsed] échue
    } : ce n’est pas possible maintenant.
    .hint = Ensuite : { $next ->
        [approve] une seconde personne l’approuve.
        [send] envoyez-la.
        [edit] modifiez-la.
        [acknowledge] accusez-en d’abord réception.
        [progress] dites que quelqu’un cherche.
        [need_more] dites ce qui manque.
        [refuse] refusez-la, avec un motif.
        [answer] répondez-y.
        [wait] attendez l’autre partie.
        [ask_again] rédigez une nouvelle demande.
       *[none] rien : elle est close.
    }
trace-second-person = Qui a écrit { $ref } ne peut pas l’approuver.
    .hint = Une seconde personne doit regarder ce qui part.
trace-person-needed = C’est l’affaire d’une personne, non de la clé d’une machine.
    .hint = Ouvrez une session avec votre propre compte.
trace-not-as-approved = { $ref } n’est plus ce qui a été approuvé.
    .hint = Quelque chose a été déclaré, retiré ou changé depuis. Faites-la approuver de nouveau.
trace-not-asked = Nous n’avons pas demandé cela ({ $ref }).
    .hint = Le registre de l’autre site est à examiner.
trace-open-already = { $to } est déjà interrogé sur cette arme : { $ref }.
    .hint = Attendez celle-là, ou laissez-la échoir.
trace-nothing-travels = Rien de { $ref } ne peut aller à { $to }.
    .hint = Voyez l’aperçu : les déclarations disent qui peut les avoir, et pour quoi.
trace-no-firearm = { $ref } n’est pas une arme à feu.
    .hint = Un traçage se demande pour une arme.
trace-to-us = { $to } est ce site même.
    .hint = Interrogez un autre État ou site.
trace-no-way = Les demandes ne peuvent pas aller à { $to } par lettre.
    .hint = L’administrateur ajoute ou rouvre le partenaire ; ou choisissez une autre voie et notez à la main.
trace-not-over = Le délai de { $ref } n’est pas écoulé.
    .hint = Elle échoit d’elle-même à son jour.
trace-asks = Plus de { $limit } propriétés à la fois.
    .hint = Demandez ce qu’un traçage exige vraiment.
trace-asks-nothing = Dites ce qui manque.
    .hint = Choisissez des propriétés, ou écrivez-le.
trace-reason-missing = Un traçage indéterminé demande un motif.
    .hint = Choisissez pourquoi personne n’a été trouvé.
trace-no-purchaser = La réponse à { $ref } ne nomme aucun acheteur.
    .hint = Déclarez d’abord la vente et son acheteur, communicables au demandeur ; ou répondez sans noms.
trace-terms = Ces jours ne se suivent pas : reçue, répondue, échue.
    .hint = De 1 à { $limit } jours, aucun avant celui qui le précède.
trace-letter = La lettre sur une demande de traçage est illisible : { $what }.
    .hint = L’autre site est peut-être d’une autre version. Prévenez son administrateur.
