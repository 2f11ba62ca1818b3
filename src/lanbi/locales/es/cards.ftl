# Fichas de preguntas, llamadas reservadas.

call-claimed = { $by } va a tomar la llamada { NUMBER($number, useGrouping: 0) }.
    .hint = Tome la siguiente. Si en 10 segundos no la toma, puede tomarla usted.
answers-full = La llamada { NUMBER($number, useGrouping: 0) } ya tiene { NUMBER($limit) } respuestas.
    .hint = Escriba lo demás en las palabras de quien llama o en una nota.
card-unknown = No hay ninguna ficha «{ $card }».
    .hint = Recargue la página: las fichas pueden haber cambiado.
card-question-unknown = La ficha «{ $card }» no tiene la pregunta «{ $question }».
    .hint = Recargue la página: las fichas pueden haber cambiado.
card-rule-unknown = La ficha «{ $card }» no tiene la regla «{ $rule }».
    .hint = Recargue la página y acepte de nuevo la propuesta.
card-answer-unknown = La pregunta «{ $question }» no admite «{ $given }».
    .hint = Respuestas posibles: { $known }.
card-answer-count = La pregunta «{ $question }» pide un número.
    .hint = Dé un número de 0 a { NUMBER($limit, useGrouping: 0) }, o «no sabe».
card-wrong = La ficha { $file } tiene un error: { $reason }.
    .hint = Corrija el archivo y reinicie Lanbi. Vea docs/guides/cards.md.
card-unreadable = No se puede leer la ficha { $file }: { $reason }.
    .hint = El archivo debe ser TOML en UTF-8.
card-too-large = La ficha { $file } es demasiado grande.
    .hint = Una ficha no pasa de { NUMBER($limit) } bytes.
card-too-many = Hay demasiadas fichas.
    .hint = Deje { NUMBER($limit) } como máximo.
