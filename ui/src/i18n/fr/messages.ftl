room-messages = Messages
msg-incoming = Messages reçus pour vous
msg-open = Ouvrir
msg-more =
  { $n ->
    [one] + { $n } autre
   *[other] + { $n } autres
  }
msg-unread = { $n ->
    [one] { $n } message attend votre réponse
   *[other] { $n } messages attendent votre réponse
}
msg-unread-n = { $n } pour vous
msg-waiting-n = { $n } en attente
msg-legend = pour vous · en attente d’autrui
msg-conversations = Conversations
msg-channels = Canaux
msg-channel = canal
msg-channel-closed = Canal fermé
msg-channel-name = Nom du canal
msg-make-channel = Ouvrir un canal
msg-close-channel = Fermer le canal
msg-directed = Unités et personnes
msg-directed-none = Aucun message direct. N pour écrire à quelqu’un.
msg-nothing-yet = rien encore
msg-write-to = Écrire à
msg-write-to-hint = Écrire à une unité, une personne…
msg-seated = { $n ->
    [one] { $n } connecté
   *[other] { $n } connectés
}
msg-absent = absent
msg-every = Tous : { $role }
msg-unit-gone = unité disparue
msg-thread = Messages
msg-thread-with = Conversation avec { $who }
msg-thread-none = Aucun message ici.
msg-older = Montrer les plus anciens
msg-unreadable = Les anciens messages n’ont pas pu être lus. Réessayez.
msg-answers = ↳ { $who } : { $text }
msg-answers-older = ↳ réponse à un message plus ancien
msg-nobody = personne n’est là
msg-nobody-long = À l’envoi, personne n’était là pour le recevoir. Le premier qui le prend apparaîtra ici.
msg-not-received = pas reçu, { $age }
msg-counts = reçu { $received } · compris { $acknowledged } sur { $of }
msg-cannot = { $n } impossible
msg-unsent = pas envoyé : attend la liaison
msg-state = État du message
msg-none-chosen = Choisissez un message pour voir qui l’a reçu.
msg-addressees = Destinataires
msg-tally = { $acknowledged } sur { $of } ont compris
msg-you = Vous
msg-silent = rien depuis { $age }
msg-joined = pris après coup
msg-due = À confirmer par tous avant { $at }
msg-overdue = Confirmation en retard de { $age }
msg-your-answer = Votre réponse
msg-heard = Ce que { $who } dit à la radio
msg-heard-ago = Entendu il y a
msg-people-answer = Ces personnes répondent elles-mêmes.
msg-why = Pourquoi est-ce impossible ?
msg-reply = Répondre
msg-no-reply = Ne pas y répondre
msg-incident = Incident { $number }
msg-incident-none = Aucun incident { $number } ouvert
msg-about = Incident
msg-about-closed = incident fermé
msg-write = Message à { $to }
msg-compose = Écrire
msg-placeholder = Écrire à { $to }…
msg-template = Modèle
msg-template-hint = Modèle : tapez pour trouver…
msg-priority = Priorité du message
msg-preview = Tel qu’on le lira
msg-own-words = Avec vos mots
msg-var-place = Lieu
msg-var-incident = Incident
msg-var-unit = Unité
msg-var-minutes = Minutes
msg-keys = Alt+T modèle · Alt+1 2 3 priorité
msg-send = Envoyer
msg-acknowledge-all = Tout compris ({ $n })
did-message = Envoyé à { $to } : pas encore reçu pour autant
did-acknowledge = { $who } verra que vous avez compris
did-step = { $who } : { $step }
did-channel = Canal { $name } ouvert
did-close-channel = Canal { $name } fermé
key-msg-q = aller aux conversations
key-msg-m = aller aux messages
key-msg-n = écrire à quelqu’un d’autre
key-msg-a = écrire
key-msg-r = répondre au message choisi
key-msg-t = prendre un modèle
key-msg-priority = courant, urgent, flash
key-msg-k = accuser : compris
key-msg-o = exécute
key-msg-x = impossible, avec la raison
key-msg-f = fait
key-msg-c = ouvrir un canal
