import type { Words } from './en.ts'

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
  },
}
