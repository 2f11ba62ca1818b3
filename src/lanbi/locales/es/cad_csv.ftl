# Traer las llamadas de otro centro: el archivo, fila por fila.
csv-line-long = La línea pasa de { $limit } bytes.
    .hint = Mírela en un editor; quizá faltan los finales de línea.
csv-quote-stray = Hay unas comillas en medio de un campo.
    .hint = Dentro de un campo entre comillas, las comillas se escriben dos veces.
csv-quote-open = Aquí se abren unas comillas que no se cierran.
    .hint = Ciérrelas o quítelas; la lectura siguió en la línea siguiente.
csv-nul = La fila tiene un carácter que no se puede guardar (NUL).
    .hint = Quítelo; el archivo pudo dañarse en el camino.
csv-undecodable = La fila tiene letras que no corresponden a la codificación del archivo.
    .hint = Indique «encoding» en la correspondencia (utf-8, cp1252, latin-1), o guarde el archivo en UTF-8.
csv-columns = La fila tiene { $given } columnas en vez de { $expected }.
    .hint = Ponga entre comillas los campos que contienen el separador; una última fila cortada indica un archivo incompleto.
csv-time = «{ $given }» no es una hora en la forma que da la correspondencia.
    .hint = Corrija la fila, o añada esa forma en «time» de la correspondencia.
csv-coordinate = «{ $given }» no es una coordenada en grados.
    .hint = Escríbala así: 18.5392 o -72.3364.

# El archivo entero.
csv-header = Al archivo le faltan estas columnas, o las tiene dos veces: { $missing }. Tiene: { $found }
    .hint = Elija con --as la correspondencia hecha para este archivo; si no tiene encabezado, nombre sus columnas en la correspondencia.
csv-empty = El archivo está vacío.
    .hint = Expórtelo de nuevo.
csv-utf16 = { $file } está en UTF-16.
    .hint = Guárdelo como «CSV UTF-8» e impórtelo de nuevo.
csv-file-large = { $file } pasa de { $limit } bytes.
    .hint = Divídalo, por ejemplo por año; cada parte se importa sola.
csv-file-unreadable = No se puede leer { $file }: { $reason }
    .hint = Revise la ruta, los permisos y el disco.
csv-zip-broken = El archivo zip { $file } está dañado: { $reason }
    .hint = Tráigalo de nuevo; no entró nada.
csv-zip-members = El archivo zip { $file } contiene { $found } archivos en vez de uno.
    .hint = Ábralo e importe el CSV que quiere.
csv-zip-locked = El archivo zip { $file } pide una contraseña.
    .hint = Ábralo e importe el CSV.
csv-zip-bomb = El archivo zip { $file } dice que abierto ocupa { $given } bytes; eso no es una lista de llamadas.
    .hint = Si confía en él, ábralo e importe el CSV.

# La importación.
import-speed = La velocidad { $given } no es posible.
    .hint = 1 es el ritmo real, 60 un minuto por segundo, 0 sin esperar; como máximo { $limit }.
import-limit = Un límite de { $given } filas no es posible.
    .hint = Dé 1 o más, o nada.
import-rows = El archivo tiene más de { $limit } filas; las anteriores ya entraron.
    .hint = Divídalo, por ejemplo por año; lo que ya entró no entra dos veces.
import-elsewhere = Este almacén trabaja para { $present }; el archivo es de { $wanted }.
    .hint = Elija una carpeta nueva con --data.
import-stopped = Detenido después de la línea { $line }: { $rows } filas, { $calls } llamadas nuevas, { $repeated } ya estaban, { $refused } rechazadas.
    .hint = Ejecute la misma orden otra vez; sigue desde ahí.

# La correspondencia.
mapping-none = No hay correspondencia «{ $given }».
    .hint = Incluidas: { $shipped }. O dé la ruta de un archivo TOML suyo.
mapping-too-large = La correspondencia { $file } pasa de { $limit } bytes.
    .hint = Una correspondencia es una página de texto; revise la ruta.
mapping-unreadable = La correspondencia { $file } no es TOML: { $reason }
    .hint = Corrija esa línea; docs/adapters/cad_csv.md muestra la forma.
mapping-field = La correspondencia { $file } no se puede usar: { $reason }
    .hint = Corrija ese campo; docs/adapters/cad_csv.md los explica todos.
mapping-zone = La correspondencia { $file } da la zona horaria «{ $given }», que aquí no se conoce.
    .hint = Use un nombre como America/Port-au-Prince; en un sistema sin zonas instale el paquete tzdata.
mapping-place = La correspondencia { $file } no dice dónde está el lugar.
    .hint = Dé «lat» y «lon», o columnas de «words», o todo.
mapping-bounds = Los límites de la correspondencia { $file } están al revés.
    .hint = El oeste debe ser menor que el este, y el sur menor que el norte.
mapping-rules = La correspondencia { $file } tiene más de { $limit } reglas.
    .hint = Los prefijos y los patrones abarcan muchas palabras a la vez.
mapping-pattern-long = Un patrón de la correspondencia { $file } pasa de { $limit } caracteres.
    .hint = Haga varios.
mapping-pattern = El patrón «{ $given }» de la correspondencia { $file } no es una expresión regular: { $reason }
    .hint = En TOML, escriba los patrones entre comillas simples.
