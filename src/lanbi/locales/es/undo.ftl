# Deshacer lo que se acaba de hacer.
undo-late = Han pasado más de { $seconds } segundos: es tarde para deshacerlo.
    .hint = Haga ahora lo contrario; las dos cosas quedan en el registro.
undo-not-yours = Lo hizo { $by }; solo esa persona puede deshacerlo.
    .hint = Llámela, o haga lo contrario con una orden.
undo-overtaken = Ha pasado otra cosa desde entonces; no se deshace nada.
    .hint = Mire cómo está ahora y cámbielo a mano.
undo-nothing = Aquí no hay nada que deshacer.
    .hint = Cámbielo a mano; el valor anterior está en el registro.
note-none = El incidente { NUMBER($number, useGrouping: 0) } no tiene esa nota.
    .hint = Mire su bitácora; cada nota tiene su número.
note-withdrawn = Esa nota ya está retirada.
    .hint = Escriba otra si hay algo que decir.
