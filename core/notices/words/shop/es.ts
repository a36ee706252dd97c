import type { ShopWords } from './en.ts'

export const shop: ShopWords = {
  order: {
    subject: (title) => `Ya puedes continuar con tu pedido: ${title}`,
    text: (title) => `Cuando pediste «${title}», no se pudo abrir la página de pago. Ya está disponible, al precio que se te mostró.`,
    uncharged: 'No se te ha cobrado nada. La página sigue abierta un día; si has cambiado de idea, no tienes que hacer nada.',
    action: 'Continuar con el pedido',
  },
  receipt: {
    receipt: {
      subject: (number) => `Tu recibo ${number}`,
      text: (day) => `Gracias. Este es tu recibo del ${day}.`,
      total: 'Total pagado',
      action: 'Abrir el recibo',
    },
    credit: {
      subject: (number) => `Tu nota de abono ${number}`,
      text: (seller) => `${seller} te ha devuelto dinero.`,
      textOf: (seller, receipt) => `${seller} te ha devuelto dinero (recibo ${receipt}).`,
      banks: 'Los bancos pueden tardar unos días en abonarlo en tu cuenta.',
      total: 'Reembolsado',
      action: 'Abrir la nota de abono',
    },
    about: (whom) => `Para ${whom}`,
    taxId: (id) => `número fiscal ${id}`,
    coupon: (code) => `Cupón ${code}`,
    tax: 'impuestos incluidos',
  },
  membership: {
    what: { membership: (title) => `tu membresía «${title}»`, instalments: (title) => `tus plazos de «${title}»` },
    price: { month: (price) => `${price} al mes`, year: (price) => `${price} al año` },
    learn: 'Abrir tus cursos',
    manage: 'Abrir tus compras',
    payNow: 'Pagar ahora',
    kept: 'Tu progreso se conserva.',
    started: {
      plan: {
        subject: (title) => `Ya estás dentro: ${title}`,
        welcome: (title) => `Te damos la bienvenida a «${title}».`,
        parts: (paid, count, price) =>
          `${paid === 1 ? 'Está pagado' : 'Están pagados'} ${paid} de ${count} plazos; cada mes se pagan ${price} hasta completarlos, y después nada más.`,
        theirs: 'Ya tienes abiertos sus cursos, y serán tuyos para siempre cuando esté pagado el último plazo.',
      },
      welcome: (title) => `Te damos la bienvenida a «${title}». Ya tienes abiertos todos sus cursos.`,
      trial: {
        subject: (title) => `Tu prueba gratis ha empezado: ${title}`,
        text: (day, price) => `La pruebas gratis hasta el ${day}. Después cuesta ${price}, salvo que canceles antes.`,
      },
      paid: {
        subject: (title) => `Ya eres miembro: ${title}`,
        text: (day, price) => `Está pagada hasta el ${day} y se renueva por ${price}. Puedes cancelar cuando quieras y conservas lo que has pagado.`,
      },
    },
    failed: {
      confirm: {
        subject: (title) => `Confirma un pago: ${title}`,
        text: (debt, what) => `Tu banco quiere que confirmes un pago de ${debt} por ${what}. Es un minuto.`,
        action: 'Confirmar el pago',
      },
      first: {
        subject: (title) => `Un pago no se ha realizado: ${title}`,
        text: (debt, what) => `Un pago de ${debt} por ${what} no se ha realizado. Las tarjetas caducan, y a veces los bancos dicen que no por motivos suyos.`,
      },
      more: {
        subject: (title) => `Sigue sin pagar: ${title}`,
        text: (what) => `Hemos vuelto a probar tu tarjeta para ${what}, y el pago no se ha realizado.`,
      },
      stays: (moment) => `Por ahora no cambia nada: lo tienes todo abierto hasta el ${moment}.`,
      again: (day) => `Volvemos a probar tu tarjeta el ${day}.`,
      notAgain: 'Tu tarjeta no se prueba otra vez por sí sola.',
      otherCard: 'También puedes pagar ahora con otra tarjeta.',
    },
    soon: {
      closes: {
        subject: (title) => `Tu acceso se cierra pronto: ${title}`,
        text: (debt, what, moment) => `Quedan por pagar ${debt} de ${what}. Tu acceso se cierra el ${moment}. En cuanto se pague, todo continúa.`,
      },
      'trial-ends': {
        subject: (day, title) => `Tu prueba gratis termina el ${day}: ${title}`,
        text: (title, day, price) => `Tu prueba gratis de «${title}» termina el ${day}. A partir de entonces cuesta ${price}.`,
      },
      renews: {
        subject: (day, title) => `Se renueva el ${day}: ${title}`,
        text: (title, day, price) => `Tu membresía «${title}» se renueva el ${day} durante un año más, por ${price}.`,
      },
      stop: 'Si prefieres dejarla, cancela antes de ese día; entonces no se cobra nada.',
    },
    ended: {
      lapsed: {
        subject: (title) => `Cerrado por ahora: ${title}`,
        text: (debt, what) => `No se han pagado ${debt} de ${what}, así que sus cursos están cerrados por ahora.`,
        again: 'En cuanto se pague, se abren de nuevo y sigues donde lo dejaste.',
        action: 'Pagar y continuar',
      },
      cancelled: {
        subject: (title) => `Tu membresía ha terminado: ${title}`,
        text: (title) => `Tu membresía «${title}» ha llegado a su fin. No se cobra nada más.`,
        back: 'Puedes volver cuando quieras.',
      },
      refunded: {
        subject: (title) => `Reembolsado: ${title}`,
        text: (title) =>
          `Lo que pagaste por «${title}» se ha devuelto, y con ello ha terminado tu acceso. No se cobra nada más. Los bancos pueden tardar unos días en abonar el dinero en tu cuenta.`,
      },
      lost: {
        subject: (title) => `Terminado: ${title}`,
        text: (title) =>
          `La disputa sobre un pago de «${title}» se ha resuelto, y tu banco te ha devuelto el dinero. Con ello ha terminado tu acceso, y no se cobra nada más. Si no lo impugnaste tú, escribe a la escuela.`,
      },
      waits: {
        subject: (title) => `En espera: ${title}`,
        text: (title) =>
          `Tu banco nos ha comunicado que un pago de «${title}» está impugnado, así que tu acceso espera hasta que se decida. Si no lo has impugnado tú, pregunta a tu banco o escribe a la escuela.`,
      },
    },
    changed: {
      cleared: {
        subject: (title) => `Abierto de nuevo: ${title}`,
        text: (title) => `La disputa sobre «${title}» se ha resuelto, y vuelves a tenerlo todo abierto.`,
      },
      ending: {
        subject: (title) => `Cancelada: ${title}`,
        text: (title, until) => `Tu membresía «${title}» se ha cancelado. Sigue abierta hasta el ${until}, y no se cobra nada más.`,
        mind: 'Hasta entonces puedes cambiar de idea y reanudarla.',
      },
      resumed: {
        subject: (title) => `Continúa: ${title}`,
        text: (title) => `Tu membresía «${title}» se ha reanudado.`,
      },
      'other-offer': {
        subject: (title) => `Cambiada: ${title}`,
        text: (title) => `Tu membresía es ahora «${title}».`,
      },
      paid: (day, price) => `Está pagada hasta el ${day} y entonces se renueva por ${price}.`,
      free: (day, price) => `Es gratis hasta el ${day} y entonces se renueva por ${price}.`,
    },
    recovered: {
      subject: (title) => `Pagado, todo en orden: ${title}`,
      paid: (what, day) => `Gracias: hemos recibido el pago de ${what}. Está pagado hasta el ${day} y lo tienes todo abierto.`,
      free: (what, day) => `Gracias: por ${what} no pagas nada hasta el ${day}, y lo tienes todo abierto.`,
      last: 'Después no se renueva.',
    },
    complete: {
      subject: (title) => `Todo pagado: ${title}`,
      text: (title) => `Ese era el último plazo de «${title}». Sus cursos son tuyos para siempre, y no se cobra nada más.`,
    },
  },
  seats: {
    what: (title) => `«${title}»`,
    whatOf: (title, courses) => `«${title}» (${courses})`,
    invitation: {
      somebody: 'Alguien',
      gift: {
        subject: (from, title) => `${from} tiene un regalo para ti: ${title}`,
        text: (from, what, school) => `${from} te regala ${what} en ${school}.`,
        action: 'Abrir el regalo',
      },
      team: {
        subject: (from, title) => `${from} tiene una plaza para ti: ${title}`,
        text: (from, what) => `${from} ha comprado ${what} para un equipo, y una plaza es tuya.`,
        action: 'Ocupar tu plaza',
      },
      message: (text) => `«${text}»`,
      how: 'Abre el enlace e inicia sesión, o crea una cuenta: es tuyo de inmediato y no te cuesta nada.',
    },
    gift: {
      subject: (title) => `Tu regalo: ${title}`,
      link: (what) => `Este es el enlace a ${what}. Compártelo: quien lo abra primero e inicie sesión se lo queda.`,
      sent: (to) => `Hemos escrito a ${to}. Este es el enlace, por si el correo no llega.`,
    },
    team: {
      subject: (title) => `Las plazas de tu equipo: ${title}`,
      link: (count, what) =>
        `Tu equipo tiene ${count} plazas en ${what}. Comparte el enlace: quien lo abre e inicia sesión ocupa una. En la página del pedido se ve quién tiene una.`,
    },
    action: 'Abrir el pedido',
  },
  course: {
    unnamed: { alone: 'tu curso', within: 'tu curso' },
    named: (title) => `«${title}»`,
    learn: 'Abrir tus cursos',
    welcome: {
      subject: (title) => `Ya estás dentro: ${title}`,
      text: (title, teacher) => `Te damos la bienvenida a «${title}» con ${teacher}.`,
      lessons: (count) => (count === 1 ? 'Ya tienes abierta su lección.' : `Ya tienes abiertas sus ${count} lecciones.`),
      until: (moment) => `Lo tienes abierto hasta el ${moment}.`,
      action: 'Empezar la primera lección',
    },
    ended: {
      refunded: {
        subject: (title) => `Reembolsado: ${title}`,
        text: (what) =>
          `Lo que pagaste por ${what} se ha devuelto por completo, y tu acceso ha terminado. Los bancos pueden tardar unos días en abonar el dinero en tu cuenta.`,
        kept: 'Tu progreso se conserva, por si vuelves al curso.',
      },
      disputed: {
        subject: (title) => `En espera: ${title}`,
        text: (what) =>
          `Tu banco nos ha comunicado que el pago de ${what} está impugnado, así que tu acceso espera hasta que se decida. Si no lo has impugnado tú, pregunta a tu banco o escribe a la escuela.`,
        kept: 'Tu progreso se conserva.',
      },
      unseated: {
        subject: (title) => `Tu plaza ha terminado: ${title}`,
        text: (what) =>
          `Tu plaza en ${what} ha terminado: quien la compró se la ha dado a otra persona, o su pago no se ha mantenido. Pregúntale si no sabes por qué.`,
        kept: 'Tu progreso se conserva.',
      },
      ended: {
        subject: (title) => `Tu acceso ha terminado: ${title}`,
        text: (what) => `La escuela ha puesto fin a tu acceso a ${what}. Pregunta a la escuela si no sabes por qué.`,
        kept: 'Tu progreso se conserva.',
      },
    },
    page: 'Abrir la página del curso',
    returned: {
      subject: (title) => `Abierto de nuevo: ${title}`,
      text: (title) => `El pago de «${title}» ya no está impugnado, y vuelves a tener abierto el curso, con todo tu progreso.`,
    },
  },
}
