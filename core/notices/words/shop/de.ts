import type { ShopWords } from './en.ts'

export const shop: ShopWords = {
  order: {
    subject: (title) => `Sie können Ihre Bestellung fortsetzen: ${title}`,
    text: (title) => `Als Sie „${title}“ bestellten, ließ sich die Kasse nicht öffnen. Jetzt ist sie da, zu dem Preis, der Ihnen gezeigt wurde.`,
    uncharged: 'Es wurde nichts abgebucht. Die Kasse bleibt einen Tag lang offen; wenn Sie es sich anders überlegt haben, müssen Sie nichts tun.',
    action: 'Bestellung fortsetzen',
  },
  receipt: {
    receipt: {
      subject: (number) => `Ihr Beleg ${number}`,
      text: (day) => `Vielen Dank. Das ist Ihr Beleg vom ${day}.`,
      total: 'Insgesamt bezahlt',
      action: 'Beleg öffnen',
    },
    credit: {
      subject: (number) => `Ihre Gutschrift ${number}`,
      text: (seller) => `${seller} hat Ihnen Geld erstattet.`,
      textOf: (seller, receipt) => `${seller} hat Ihnen Geld erstattet (Beleg ${receipt}).`,
      banks: 'Bei manchen Banken dauert es einige Tage, bis es auf Ihrem Konto ist.',
      total: 'Erstattet',
      action: 'Gutschrift öffnen',
    },
    about: (whom) => `Für ${whom}`,
    taxId: (id) => `Steuernummer ${id}`,
    coupon: (code) => `Gutschein ${code}`,
    tax: 'darin enthaltene Steuer',
  },
  membership: {
    what: { membership: (title) => `Ihre Mitgliedschaft „${title}“`, instalments: (title) => `Ihre Raten für „${title}“` },
    price: { month: (price) => `${price} im Monat`, year: (price) => `${price} im Jahr` },
    learn: 'Kurse öffnen',
    manage: 'Käufe öffnen',
    payNow: 'Jetzt zahlen',
    kept: 'Ihr Fortschritt bleibt gespeichert.',
    started: {
      plan: {
        subject: (title) => `Sie sind dabei: ${title}`,
        welcome: (title) => `Willkommen bei „${title}“.`,
        parts: (paid, count, price) =>
          `${paid} von ${count} Raten ${paid === 1 ? 'ist' : 'sind'} bezahlt; jeden Monat werden ${price} fällig, bis alle bezahlt sind, danach nichts mehr.`,
        theirs: 'Die Kurse stehen Ihnen ab sofort offen und gehören Ihnen für immer, sobald die letzte Rate bezahlt ist.',
      },
      welcome: (title) => `Willkommen bei „${title}“. Alle Kurse darin stehen Ihnen ab sofort offen.`,
      trial: {
        subject: (title) => `Ihre Testzeit hat begonnen: ${title}`,
        text: (day, price) => `Sie testen kostenlos bis zum ${day}. Danach kostet die Mitgliedschaft ${price}, wenn Sie nicht vorher kündigen.`,
      },
      paid: {
        subject: (title) => `Sie sind jetzt Mitglied: ${title}`,
        text: (day, price) =>
          `Bezahlt ist bis zum ${day}; danach verlängert sich die Mitgliedschaft für ${price}. Sie können jederzeit kündigen und behalten, was Sie bezahlt haben.`,
      },
    },
    failed: {
      confirm: {
        subject: (title) => `Bitte bestätigen Sie eine Zahlung: ${title}`,
        text: (debt, what) => `Ihre Bank möchte, dass Sie eine Zahlung von ${debt} für ${what} bestätigen. Das dauert eine Minute.`,
        action: 'Zahlung bestätigen',
      },
      first: {
        subject: (title) => `Eine Zahlung ist nicht zustande gekommen: ${title}`,
        text: (debt, what) =>
          `Eine Zahlung von ${debt} für ${what} ist nicht zustande gekommen. Karten laufen ab, und Banken lehnen manchmal aus eigenen Gründen ab.`,
      },
      more: {
        subject: (title) => `Noch nicht bezahlt: ${title}`,
        text: (what) => `Wir haben es für ${what} noch einmal mit Ihrer Karte versucht, und die Zahlung ist nicht zustande gekommen.`,
      },
      stays: (moment) => `Vorerst ändert sich nichts: Alles bleibt Ihnen offen bis zum ${moment}.`,
      again: (day) => `Am ${day} versuchen wir es mit Ihrer Karte erneut.`,
      notAgain: 'Ihre Karte wird nicht von selbst erneut belastet.',
      otherCard: 'Sie können auch jetzt gleich mit einer anderen Karte zahlen.',
    },
    soon: {
      closes: {
        subject: (title) => `Ihr Zugang schließt bald: ${title}`,
        text: (debt, what, moment) => `Für ${what} sind noch ${debt} offen. Ihr Zugang schließt am ${moment}. Sobald bezahlt ist, geht alles weiter.`,
      },
      'trial-ends': {
        subject: (day, title) => `Ihre Testzeit endet am ${day}: ${title}`,
        text: (title, day, price) => `Ihre Testzeit für „${title}“ endet am ${day}. Von da an kostet die Mitgliedschaft ${price}.`,
      },
      renews: {
        subject: (day, title) => `Verlängerung am ${day}: ${title}`,
        text: (title, day, price) => `Ihre Mitgliedschaft „${title}“ verlängert sich am ${day} um ein weiteres Jahr, für ${price}.`,
      },
      stop: 'Wenn Sie lieber aufhören möchten, kündigen Sie vor diesem Tag; dann wird nichts abgebucht.',
    },
    ended: {
      lapsed: {
        subject: (title) => `Vorerst geschlossen: ${title}`,
        text: (debt, what) => `Für ${what} wurden ${debt} nicht bezahlt, daher sind die Kurse vorerst geschlossen.`,
        again: 'Sobald bezahlt ist, öffnen sie sich wieder, und Sie machen da weiter, wo Sie aufgehört haben.',
        action: 'Zahlen und weitermachen',
      },
      cancelled: {
        subject: (title) => `Ihre Mitgliedschaft ist beendet: ${title}`,
        text: (title) => `Ihre Mitgliedschaft „${title}“ ist abgelaufen. Es wird nichts mehr abgebucht.`,
        back: 'Sie sind jederzeit wieder willkommen.',
      },
      refunded: {
        subject: (title) => `Erstattet: ${title}`,
        text: (title) =>
          `Was Sie für „${title}“ gezahlt haben, wurde erstattet, und Ihr Zugang ist damit beendet. Es wird nichts mehr abgebucht. Bei manchen Banken dauert es einige Tage, bis das Geld auf Ihrem Konto ist.`,
      },
      lost: {
        subject: (title) => `Beendet: ${title}`,
        text: (title) =>
          `Über die bestrittene Zahlung für „${title}“ ist entschieden, und Ihre Bank hat Ihnen das Geld zurückgegeben. Ihr Zugang ist damit beendet, und es wird nichts mehr abgebucht. Wenn Sie nichts bestritten haben, schreiben Sie der Schule.`,
      },
      waits: {
        subject: (title) => `Angehalten: ${title}`,
        text: (title) =>
          `Ihre Bank hat uns mitgeteilt, dass eine Zahlung für „${title}“ bestritten wird, daher ruht Ihr Zugang, bis das entschieden ist. Wenn Sie nichts bestritten haben, fragen Sie Ihre Bank, oder schreiben Sie der Schule.`,
      },
    },
    changed: {
      cleared: {
        subject: (title) => `Wieder offen: ${title}`,
        text: (title) => `Über die bestrittene Zahlung für „${title}“ ist entschieden, und alles steht Ihnen wieder offen.`,
      },
      ending: {
        subject: (title) => `Gekündigt: ${title}`,
        text: (title, until) => `Ihre Mitgliedschaft „${title}“ ist gekündigt. Sie bleibt Ihnen offen bis zum ${until}, und es wird nichts mehr abgebucht.`,
        mind: 'Bis dahin können Sie es sich anders überlegen und sie fortsetzen.',
      },
      resumed: {
        subject: (title) => `Es geht weiter: ${title}`,
        text: (title) => `Ihre Mitgliedschaft „${title}“ wird fortgesetzt.`,
      },
      'other-offer': {
        subject: (title) => `Gewechselt: ${title}`,
        text: (title) => `Ihre Mitgliedschaft ist jetzt „${title}“.`,
      },
      paid: (day, price) => `Sie ist bis zum ${day} bezahlt und verlängert sich dann für ${price}.`,
      free: (day, price) => `Sie ist bis zum ${day} kostenlos und verlängert sich dann für ${price}.`,
    },
    recovered: {
      subject: (title) => `Bezahlt, alles in Ordnung: ${title}`,
      paid: (what, day) => `Vielen Dank: Die Zahlung für ${what} ist angekommen. Bezahlt ist bis zum ${day}, und alles steht Ihnen offen.`,
      free: (what, day) => `Vielen Dank: Für ${what} ist bis zum ${day} nichts zu zahlen, und alles steht Ihnen offen.`,
      last: 'Danach gibt es keine Verlängerung.',
    },
    complete: {
      subject: (title) => `Alles bezahlt: ${title}`,
      text: (title) => `Das war die letzte Rate für „${title}“. Die Kurse gehören Ihnen für immer, und es wird nichts mehr abgebucht.`,
    },
  },
  seats: {
    what: (title) => `„${title}“`,
    whatOf: (title, courses) => `„${title}“ (${courses})`,
    invitation: {
      somebody: 'Jemand',
      gift: {
        subject: (from, title) => `${from} hat ein Geschenk für Sie: ${title}`,
        text: (from, what, school) => `${from} schenkt Ihnen ${what} bei ${school}.`,
        action: 'Geschenk auspacken',
      },
      team: {
        subject: (from, title) => `${from} hat einen Platz für Sie: ${title}`,
        text: (from, what) => `${from} hat ${what} für ein Team gekauft, und ein Platz gehört Ihnen.`,
        action: 'Platz einnehmen',
      },
      message: (text) => `„${text}“`,
      how: 'Öffnen Sie den Link und melden Sie sich an, oder legen Sie ein Konto an: Es gehört Ihnen sofort und kostet Sie nichts.',
    },
    gift: {
      subject: (title) => `Ihr Geschenk: ${title}`,
      link: (what) => `Hier ist der Link zu ${what}. Geben Sie ihn weiter: Wer ihn zuerst öffnet und sich anmeldet, bekommt es.`,
      sent: (to) => `Wir haben an ${to} geschrieben. Das ist der Link, falls die E-Mail nicht ankommt.`,
    },
    team: {
      subject: (title) => `Die Plätze Ihres Teams: ${title}`,
      link: (count, what) =>
        `Ihr Team hat ${count} Plätze in ${what}. Geben Sie den Link weiter: Wer ihn öffnet und sich anmeldet, nimmt einen Platz ein. Auf der Seite der Bestellung steht, wer einen hat.`,
    },
    action: 'Bestellung öffnen',
  },
  course: {
    unnamed: { alone: 'Ihr Kurs', within: 'Ihren Kurs' },
    named: (title) => `„${title}“`,
    learn: 'Kurse öffnen',
    welcome: {
      subject: (title) => `Sie sind dabei: ${title}`,
      text: (title, teacher) => `Willkommen bei „${title}“ mit ${teacher}.`,
      lessons: (count) => (count === 1 ? 'Die Lektion steht Ihnen ab sofort offen.' : `Alle ${count} Lektionen stehen Ihnen ab sofort offen.`),
      until: (moment) => `Der Kurs steht Ihnen offen bis zum ${moment}.`,
      action: 'Erste Lektion beginnen',
    },
    ended: {
      refunded: {
        subject: (title) => `Erstattet: ${title}`,
        text: (what) =>
          `Was Sie für ${what} gezahlt haben, wurde ganz erstattet, und Ihr Zugang ist beendet. Bei manchen Banken dauert es einige Tage, bis das Geld auf Ihrem Konto ist.`,
        kept: 'Ihr Fortschritt bleibt gespeichert, falls Sie zu dem Kurs zurückkommen.',
      },
      disputed: {
        subject: (title) => `Angehalten: ${title}`,
        text: (what) =>
          `Ihre Bank hat uns mitgeteilt, dass die Zahlung für ${what} bestritten wird, daher ruht Ihr Zugang, bis das entschieden ist. Wenn Sie nichts bestritten haben, fragen Sie Ihre Bank, oder schreiben Sie der Schule.`,
        kept: 'Ihr Fortschritt bleibt gespeichert.',
      },
      unseated: {
        subject: (title) => `Sie haben keinen Platz mehr: ${title}`,
        text: (what) =>
          `Sie haben keinen Platz mehr für ${what}: Wer ihn gekauft hat, hat ihn jemand anderem gegeben, oder die Zahlung hatte keinen Bestand. Fragen Sie dort nach, wenn Sie nicht wissen, warum.`,
        kept: 'Ihr Fortschritt bleibt gespeichert.',
      },
      ended: {
        subject: (title) => `Ihr Zugang ist beendet: ${title}`,
        text: (what) => `Die Schule hat ${what} für Sie geschlossen. Fragen Sie die Schule, wenn Sie nicht wissen, warum.`,
        kept: 'Ihr Fortschritt bleibt gespeichert.',
      },
    },
    page: 'Kursseite öffnen',
    returned: {
      subject: (title) => `Wieder offen: ${title}`,
      text: (title) => `Die Zahlung für „${title}“ wird nicht mehr bestritten, und der Kurs steht Ihnen wieder offen, mit all Ihrem Fortschritt.`,
    },
  },
}
