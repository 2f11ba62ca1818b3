cli-demo-preparing = La noche se juega por adelantado…
cli-serving = Lanbi está en { $address }
    Datos en { $data }; el registro se firma con la clave { $key }.
cli-demo-note = SINTÉTICO: nadie en esta noche existe. Un clic arriba abre la sesión.
cli-stop-note = Ctrl-C detiene el nodo.
cli-password = Contraseña:
cli-account-made = La cuenta { $login } ({ $role }) está lista.
cli-verifying = Verificando
cli-verify-holds = El registro se sostiene: { $entries } asientos, { $checkpoints } puntos de control, { $sealed } valores sellados, { $erased } de ellos borrados; { $unsigned } asientos tras el último punto de control; { $seconds } s.
    Raíz { $root }
cli-verify-broken = EL REGISTRO NO SE SOSTIENE. { $entries } asientos leídos, { $checkpoints } puntos de control, { $seconds } s.
cli-backing-up = Copiando
cli-backed-up = { $file }: { $entries } asientos, copiados y verificados.
    Raíz { $root }
cli-restoring = Verificando la copia
cli-restored = { $data } está listo con { $entries } asientos. Inícielo con lanbi serve.
cli-importing-places = { $file }
cli-places-imported = { $added } lugares añadidos, { $changed } cambiados, { $unchanged } como estaban, { $refused } rechazados.
cli-importing-map = { $file }
cli-map-imported = { $file }: { $features } objetos, { $bytes } bytes. Reinicie el nodo para verlo.
cli-importing-calls = { $file }
cli-calls-imported = { $rows } filas: { $calls } llamadas incorporadas, { $repeated } ya estaban, { $unplaced } sin lugar conocido, { $refused } rechazadas; { $seconds } s.
cli-bad-row = línea { $line }: { $reason }
cli-file-none = No existe el archivo { $file }.
    .hint = Revise la ruta.
cli-tls-missing = En { $host } otros en la red podrían leer y cambiar todo.
    .hint = Indique --tls-certificate y --tls-key, o escuche en 127.0.0.1 detrás de un proxy.
cli-port-taken = El puerto { $port } está ocupado.
    .hint = Elija otro con --port (make demo PORT=8099).
store-none = No hay un almacén en { $file }.
    .hint = Revise --data; con PostgreSQL use pg_dump.
backup-exists = { $file } ya existe.
    .hint = Elija un nombre nuevo; una copia nunca se sobrescribe.
backup-broken = { $file } no se sostiene en el asiento { $entry }.
    .hint = Ejecute lanbi verify sobre ella y haga otra copia.
restore-occupied = { $folder } ya tiene un almacén o una clave.
    .hint = Restaure en una carpeta vacía y luego cambie una por otra.
cli-verify-first = Lo primero que no se sostiene:
cli-verify-also = Siguen { $count } hallazgos más; muchos pueden venir del primero:
cli-held-unreadable = { $file } no es un punto de control.
    .hint = Dé un archivo como lo escribe lanbi checkpoint, o TAMAÑO:RAÍZ.
cli-telling-world = Contando un mundo SYNTHETIC
cli-world-told = SYNTHETIC: { $recoveries } recuperaciones con { $firearms } armas, { $sales } ventas rastreadas, { $consignments } envíos.
    Lo plantado está en { $file }, aparte de la base.
cli-world-scored = Redes halladas: { $found } %; precisión de pares { $precision }, exhaustividad { $recall }; { $false } grupos falsos por 1.000 armas inocentes; { $clusters } grupos.
cli-world-channel =   { $channel }: { $found } de { $planted }
cli-ttc-all = todas
cli-ttc-group = grupo
cli-ttc-n = fechadas
cli-ttc-censored = censuradas
cli-ttc-excluded = sin fechar
cli-ttc-year-1 = ≤ 1 año
cli-ttc-year-3 = ≤ 3 años
cli-ttc-median = mediana
cli-ttc-shape = k
cli-ttc-scale = λ
cli-ttc-untimed = sin fechar, { $reason }: { $count }
