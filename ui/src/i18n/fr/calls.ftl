banner-label = Appel entrant
banner-rings = Sonne
banner-lang = { $lang }, d’après ce qu’on sait
banner-nowhere = Lieu encore inconnu
banner-like = Semble être
banner-like-none = Ne ressemble à aucun incident ouvert
banner-more =
  { $n ->
    [one] + { $n } autre sonne
   *[other] + { $n } autres sonnent
  }
banner-join = Lier à { $number }
banner-leave = Laisser
banner-take = Prendre
online-label = En ligne
call-number = Appel { $number }
call-end = Raccrocher
call-end-number = Raccrocher l’appel { $number }
intake-pane = Appel en main
intake-label = Fiche de l’appel { $number }
intake-new = Nouvel incident
intake-aside = De côté
intake-lang = Langue
intake-words = Ses mots
intake-words-placeholder = Les mots de l’appelant, tels quels, dans sa langue
intake-place = Lieu de l’incident
intake-type = Type
intake-type-placeholder = Que se passe-t-il ?
intake-priority = Priorité
intake-proposed = proposée par le type
intake-title = Titre
intake-title-placeholder = En quelques mots
intake-open = Ouvrir l’incident
intake-open-hint = le reste peut venir après
intake-promise = Promesse
intake-promise-minutes = Dans combien de minutes
intake-promise-make = Promettre
intake-number = Numéro
intake-purpose = Pour quel motif ?
intake-reveal = Montrer le numéro
intake-reveal-hint = la lecture sera inscrite au journal
place-placeholder = derrière l’église…, près de…, Delmas 33
place-none = Lieu introuvable. Les mots restent ; cliquez sur la carte.
place-radius = Rayon
place-confidence = Certitude
place-words-only = Des mots seulement : pas encore sur la carte. Choisissez un lieu ou cliquez sur la carte.
debts-title = Promesses et rappels
debts-note = reste
debts-none = Rien n’est dû à personne.
debts-more =
  { $n ->
    [one] { $n } autre, dans { $next }
   *[other] { $n } autres, la prochaine dans { $next }
  }
debts-more-late =
  { $n ->
    [one] { $n } autre, en retard
   *[other] { $n } autres, dont { $late } en retard
  }
debt-attempts =
  { $n ->
    [one] { $n } essai
   *[other] { $n } essais
  }
debt-missed = bip
debt-promise = promesse
debt-ringing = sonne
did-take = Appel { $number } pris
did-end = Appel { $number } terminé
did-join = Appel lié à { $number }
did-promise = Promesse inscrite : { $promise }
did-settle = Promesse réglée
did-callback = Rappel inscrit
did-reveal = Lecture du numéro inscrite au journal
unjoin = détacher de { $number }
did-unjoin = Appel détaché de { $number }
card-label = Fiche : { $card }
card-none = Fiche de questions
card-find = Choisir une fiche
card-find-placeholder = Fiche : accident, tirs, accouchement…
card-change = changer
card-langs = Langues des questions
card-done =
  { $n ->
    [one] { $n } question vue
   *[other] { $n } questions vues
  }
card-danger = La réponse peut signaler un danger
card-yes = oui
card-no = non
card-unknown = ne sait pas
card-not = pas « { $what } »
card-keep = Noter
card-back = Retour
card-skip = Passer
card-because = parce que { $why }
card-accept = Accepter
card-stands = retenu
card-never = Jamais.
card-advice = À dire à l’appelant
card-advice-more =
  { $n ->
    [one] { $n } autre conseil
   *[other] { $n } autres conseils
  }
card-taken-back = réponse retirée
did-adopt = { $number } passe en { $priority }, d’après la fiche
why-meets = { $distance }, cercles qui se touchent
why-near = { $distance }, tout près
why-no-place = lieux non comparés
why-age = { $n } min
why-same-type = même type
why-alike = cas semblable
why-words = mots : { $words }
intake-likes = Incidents semblables
banner-claim = Réserver
banner-claimed = { $who } la prend, { $n } s
banner-claimed-mine = Réservé pour vous, { $n } s
did-claim = Appel { $number } réservé pour 10 secondes
call-hold = Attente
call-hold-number = Mettre l’appel { $number } en attente
call-resume = Reprendre
call-resume-number = Reprendre l’appel { $number }
online-held = en attente { $time }
did-hold = Appel { $number } en attente
did-resume = Appel { $number } repris
landmark-add = Garder comme point de repère
landmark-name = Nom du repère
landmark-kind = Genre de lieu
landmark-zone = Dans quel quartier ou section ?
landmark-save = Garder
landmark-leave = Laisser
landmark-no-point = Choisissez un quartier ou cliquez sur la carte.
did-place-kept = { $name } est au répertoire ; tous le trouvent
kind-landmark = repère
kind-church = église
kind-market = marché
kind-school = école
kind-hospital = hôpital, santé
kind-fuel = station-service
kind-bridge = pont
kind-crossroads = carrefour
kind-square = place publique
kind-police = commissariat
relation-behind = derrière
relation-opposite = en face de
relation-beside = à côté de
relation-before = avant
relation-after = après
relation-in-front = devant
relation-below = en bas de
relation-above = au-dessus de
relation-between = entre
relation-toward = vers
relation-inside = dans
relation-corner = à l’angle de
place-nudge = Alt + flèches : déplacer · Alt + PgUp/PgDn : rayon · Alt + C : certitude
