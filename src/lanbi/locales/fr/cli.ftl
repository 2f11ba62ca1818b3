cli-demo-preparing = La soirée se joue d’avance…
cli-serving = Lanbi est à { $address }
    Données dans { $data } ; le registre est signé avec la clé { $key }.
cli-demo-note = SYNTHÉTIQUE : personne de cette soirée n’existe. Un clic ci-dessus ouvre une session.
cli-stop-note = Ctrl-C arrête le nœud.
cli-password = Mot de passe :
cli-account-made = Le compte { $login } ({ $role }) est prêt.
cli-verifying = Vérification
cli-verify-holds = Le registre tient : { $entries } écritures, { $checkpoints } points de contrôle, { $sealed } valeurs scellées, dont { $erased } effacées ; { $unsigned } écritures après le dernier point de contrôle ; { $seconds } s.
    Racine { $root }
cli-verify-broken = LE REGISTRE NE TIENT PAS. { $entries } écritures lues, { $checkpoints } points de contrôle, { $seconds } s.
cli-backing-up = Copie
cli-backed-up = { $file } : { $entries } écritures, copiées et vérifiées.
    Racine { $root }
cli-restoring = Vérification de la sauvegarde
cli-restored = { $data } est prêt avec { $entries } écritures. Démarrez-le avec lanbi serve.
cli-importing-places = { $file }
cli-places-imported = { $added } lieux ajoutés, { $changed } modifiés, { $unchanged } inchangés, { $refused } refusés.
cli-importing-map = { $file }
cli-map-imported = { $file } : { $features } objets, { $bytes } octets. Redémarrez le nœud pour la voir.
cli-importing-calls = { $file }
cli-calls-imported = { $rows } lignes : { $calls } appels repris, { $repeated } déjà là, { $unplaced } de lieu inconnu, { $refused } refusés ; { $seconds } s.
cli-bad-row = ligne { $line } : { $reason }
cli-file-none = Il n’y a pas de fichier { $file }.
    .hint = Vérifiez le chemin.
cli-tls-missing = Sur { $host }, d’autres sur le réseau pourraient tout lire et tout changer.
    .hint = Donnez --tls-certificate et --tls-key, ou écoutez sur 127.0.0.1 derrière un mandataire.
cli-port-taken = Le port { $port } est pris.
    .hint = Choisissez-en un autre avec --port (make demo PORT=8099).
store-none = Il n’y a pas de magasin à { $file }.
    .hint = Vérifiez --data ; avec PostgreSQL, utilisez pg_dump.
backup-exists = { $file } existe déjà.
    .hint = Choisissez un nouveau nom ; une sauvegarde n’est jamais écrasée.
backup-broken = { $file } ne tient pas à l’écriture { $entry }.
    .hint = Lancez lanbi verify dessus, et faites une autre sauvegarde.
restore-occupied = { $folder } contient déjà un magasin ou une clé.
    .hint = Restaurez dans un dossier vide, puis échangez les deux.
cli-verify-first = La première chose qui ne tient pas :
cli-verify-also = { $count } autres constats suivent ; beaucoup peuvent venir du premier :
cli-held-unreadable = { $file } n’est pas un point de contrôle.
    .hint = Donnez un fichier tel que l’écrit lanbi checkpoint, ou TAILLE:RACINE.
cli-telling-world = Récit d’un monde SYNTHETIC
cli-world-told = SYNTHETIC : { $recoveries } récupérations, { $firearms } armes, { $sales } ventes retrouvées, { $consignments } envois.
    Ce qui y est caché est dans { $file }, hors de la base.
cli-world-scored = Réseaux retrouvés : { $found } % ; précision des paires { $precision }, rappel { $recall } ; { $false } faux groupes pour 1 000 armes innocentes ; { $clusters } groupes.
cli-world-channel =   { $channel } : { $found } sur { $planted }
cli-ttc-all = toutes
cli-ttc-group = groupe
cli-ttc-n = datées
cli-ttc-censored = censurées
cli-ttc-excluded = non datées
cli-ttc-year-1 = ≤ 1 an
cli-ttc-year-3 = ≤ 3 ans
cli-ttc-median = médiane
cli-ttc-shape = k
cli-ttc-scale = λ
cli-ttc-untimed = non datées, { $reason } : { $count }
