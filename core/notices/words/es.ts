import type { Words } from './en.ts'
import { shop } from './shop/es.ts'

export const es: Words = {
  frame: {
    open: 'Abrir',
    stop: 'No recibir más correos de este tipo',
    choose: 'Elegir de qué quieres recibir correos',
    hello: 'Hola:',
    helloTo: (name) => `Hola, ${name}:`,
  },
  digest: {
    one: (subject) => `Desde ayer: ${subject}`,
    many: (count) => `${count} novedades desde ayer`,
    lead: 'De esto querías que te avisáramos una vez al día.',
    more: (count) => `Y ${count} más, que encontrarás entre tus notificaciones.`,
    open: 'Abrir tus notificaciones',
  },
  talk: {
    reply: (by, title) => `${by} ha respondido: ${title}`,
    mention: (by, title) => `${by} te ha mencionado: ${title}`,
    question: (by, title) => `${by} pregunta: ${title}`,
    reported: (by, title) => `Denunciado: lo que ${by} escribió en «${title}»`,
    hidden: (title) => `Se ha ocultado tu mensaje: ${title}`,
    locked: (title) => `Se ha cerrado tu debate: ${title}`,
    reason: (by, reason) => `${by} dio este motivo: ${reason}`,
  },
  assignment: {
    handedIn: (by, title) => `${by} ha entregado: ${title}`,
    again: (number) => `Es el intento ${number}.`,
    passed: (title) => `Has aprobado: ${title}`,
    cameBack: (title) => `Te han devuelto tu trabajo: ${title}`,
  },
  certificate: {
    issued: (title) => `Tu certificado: ${title}`,
    issuedText: (title) => `Has completado «${title}». Ya puedes mostrar tu certificado, y quien tenga su dirección puede verificarlo.`,
    revoked: (title) => `Se ha revocado tu certificado: ${title}`,
  },
  helping: {
    coTeacher: (by, title) => `${by} te ha incorporado para enseñar también «${title}»`,
    assistant: (by, title) => `${by} te ha incorporado para ayudar en «${title}»`,
    noMore: (title) => `Ya no ayudas en «${title}»`,
    together: 'Enseñáis el curso juntos.',
    may: (rights) => `Puedes ${rights}.`,
    rights: { edit: 'escribirlo', grade: 'evaluar trabajos', talk: 'responder y moderar debates', learners: 'ver quién aprende en él' },
  },
  account: {
    confirm: {
      subject: (school) => `Confirma tu dirección para ${school}`,
      text: 'Falta un paso: confirma que esta dirección es tuya.',
      action: 'Confirmar mi dirección',
      after: (hours) => `El enlace sirve durante ${hours} horas. Si no te has registrado, ignora este correo y no pasará nada.`,
    },
    known: {
      subject: (school) => `Ya tienes una cuenta en ${school}`,
      text: 'Alguien, probablemente tú, ha intentado registrarse con esta dirección. Ya tiene una cuenta, así que basta con iniciar sesión. Si has olvidado la contraseña, elige una nueva.',
      action: 'Elegir una contraseña nueva',
      after: 'El enlace sirve durante una hora. Si no has sido tú, ignora este correo: no ha cambiado nada.',
    },
    reset: {
      subject: (school) => `Elige una contraseña nueva para ${school}`,
      text: 'Este es el enlace para elegir una contraseña nueva.',
      action: 'Elegir una contraseña nueva',
      after: 'El enlace sirve durante una hora. Si no lo has pedido, ignora este correo: tu contraseña sigue como está.',
    },
    changed: {
      subject: (school) => `Tu contraseña en ${school} ha cambiado`,
      text: 'Tu contraseña se acaba de cambiar, y se ha cerrado tu sesión en todas las demás partes.',
      action: 'Ir a la escuela',
      after: 'Si no has sido tú, elige enseguida una contraseña nueva desde la página de inicio de sesión y revisa la seguridad de tu correo.',
    },
    newAddress: {
      subject: (school) => `Confirma tu nueva dirección para ${school}`,
      text: 'Alguien con una cuenta en la escuela quiere usar esta dirección a partir de ahora. Confirma que es tuya.',
      action: 'Usar esta dirección',
      after: (hours) => `El enlace sirve durante ${hours} horas. Si no has sido tú, ignora este correo y no pasará nada.`,
    },
    takenAddress: {
      subject: (school) => `Esta dirección ya tiene una cuenta en ${school}`,
      text: 'Alguien quería usar esta dirección para otra cuenta. Ya tiene una, así que no se ha cambiado nada.',
      action: 'Ir a la escuela',
      after: 'Si has sido tú, inicia sesión con esta dirección o elige otra para la otra cuenta.',
    },
    leavingAddress: {
      subject: (school) => `Se va a cambiar tu dirección en ${school}`,
      text: (email) =>
        `Alguien que ha iniciado sesión con tu cuenta ha pedido usar ${email} a partir de ahora. Hasta que se confirme esa dirección, sigue valiendo esta.`,
      action: 'Ver mi cuenta',
      after: 'Si no has sido tú, cambia enseguida tu contraseña: eso cierra todas las demás sesiones y anula el cambio.',
    },
    moved: {
      subject: (school) => `Tu dirección en ${school} ha cambiado`,
      text: (email) => `A partir de ahora inicias sesión con ${email}, y la escuela te escribe ahí.`,
      action: 'Ir a la escuela',
      after: 'Si no has sido tú, escribe a la escuela.',
    },
    secured: {
      subject: (what, school) => `${what} (${school})`,
      text: (what) => `${what} hace un momento.`,
      authenticatorAdded: 'Se ha añadido una aplicación de autenticación a tu cuenta',
      authenticatorRemoved: 'Se ha quitado de tu cuenta la aplicación de autenticación',
      passkeyAdded: 'Se ha añadido una llave de acceso a tu cuenta',
      passkeyRemoved: 'Se ha quitado una llave de acceso de tu cuenta',
      providerAdded: (name) => `Se ha añadido a tu cuenta el inicio de sesión con ${name}`,
      action: 'Ver mi cuenta',
      after: 'Si no has sido tú, cambia enseguida tu contraseña y revisa con qué se puede entrar en tu cuenta.',
    },
  },
  token: {
    subject: (name) => `Se ha creado un token de acceso: ${name}`,
    made: (school) => `Alguien que ha iniciado sesión con tu cuenta ha creado un token de acceso para un programa en ${school}.`,
    called: (name, hint, until) => `Se llama «${name}», termina en ${hint} y es válido hasta el ${until}.`,
    after: 'Si has sido tú, no tienes que hacer nada. Si no, revócalo y cambia tu contraseña: eso termina con todos los tokens y todas las sesiones.',
    action: 'Ver mis tokens',
  },
  viewer: {
    lesson: 'una lección',
    subject: 'Tu cuenta carga vídeos más rápido de lo que se pueden ver',
    text: (lesson) =>
      `Alguien que ha iniciado sesión con tu cuenta, o algún programa, está cargando «${lesson}» mucho más rápido de lo que nadie podría verla.`,
    slowed:
      'Durante un rato tus vídeos llegan a cuatro veces su propia velocidad y no más, lo que basta para verlos a cualquier velocidad que haya. No ha cambiado nada más. Nadie te acusa de nada, y no tienes que hacer nada.',
    after: 'Si no has sido tú, puede que otra persona esté usando tu cuenta: elige una contraseña nueva en la página de inicio de sesión.',
    action: 'Abrir tus cursos',
  },
  leaving: {
    asked: {
      subject: 'Tu cuenta se va a borrar',
      text: (day) => `Nos has pedido que borremos tu cuenta y todo lo que sabemos de ti. Eso ocurre el ${day} y no se puede deshacer.`,
      after: 'Hasta entonces puedes cambiar de idea. Si no lo pediste tú, cambia también tu contraseña.',
      action: 'Quedarme',
    },
    hindered: {
      subject: 'Tu cuenta no se ha borrado',
      text: 'Nos habías pedido que borráramos tu cuenta, y ha llegado el día. No lo hemos hecho, y todo sigue como estaba.',
      because: {
        teaches: 'Ahora impartes cursos por los que otras personas han pagado: déjaselos antes a alguien y vuelve a pedirlo.',
        membership: 'Ahora estás pagando una membresía o unos plazos: termínalos antes y vuelve a pedirlo.',
        staff: 'Ahora formas parte del equipo: alguien de administración puede borrar tu cuenta, o quitarte tu función para que puedas volver a pedirlo.',
      },
      action: 'Abrir tu cuenta',
    },
  },
  shop,
}
