import type { Words } from './en.ts'

export const de: Words = {
  frame: {
    open: 'Ansehen',
    stop: 'E-Mails dieser Art abbestellen',
    choose: 'Wählen, worüber Sie E-Mails bekommen',
    hello: 'Guten Tag,',
    helloTo: (name) => `Guten Tag, ${name},`,
  },
  digest: {
    one: (subject) => `Seit gestern: ${subject}`,
    many: (count) => `${count} Neuigkeiten seit gestern`,
    lead: 'Davon wollten Sie einmal am Tag hören.',
    more: (count) => `Und ${count} weitere, die Sie unter Ihren Mitteilungen finden.`,
    open: 'Mitteilungen öffnen',
  },
  talk: {
    reply: (by, title) => `${by} hat geantwortet: ${title}`,
    mention: (by, title) => `${by} hat Sie erwähnt: ${title}`,
    question: (by, title) => `${by} fragt: ${title}`,
    reported: (by, title) => `Gemeldet: was ${by} in „${title}“ geschrieben hat`,
    hidden: (title) => `Ihr Beitrag wurde ausgeblendet: ${title}`,
    locked: (title) => `Ihre Diskussion wurde geschlossen: ${title}`,
    reason: (by, reason) => `${by} nannte diesen Grund: ${reason}`,
  },
  assignment: {
    handedIn: (by, title) => `${by} hat abgegeben: ${title}`,
    again: (number) => `Es ist der ${number}. Versuch.`,
    passed: (title) => `Sie haben bestanden: ${title}`,
    cameBack: (title) => `Ihre Arbeit kam zurück: ${title}`,
  },
  certificate: {
    issued: (title) => `Ihr Zertifikat: ${title}`,
    issuedText: (title) => `Sie haben „${title}“ abgeschlossen. Ihr Zertifikat kann vorgezeigt werden, und wer seine Adresse hat, kann es prüfen.`,
    revoked: (title) => `Ihr Zertifikat wurde widerrufen: ${title}`,
  },
  helping: {
    coTeacher: (by, title) => `${by} hat Sie zur zweiten Lehrkraft von „${title}“ gemacht`,
    assistant: (by, title) => `${by} hat Sie zur Assistenz in „${title}“ gemacht`,
    noMore: (title) => `Sie helfen nicht mehr bei „${title}“`,
    together: 'Sie unterrichten den Kurs gemeinsam.',
    may: (rights) => `Sie dürfen: ${rights}.`,
    rights: { edit: 'ihn schreiben', grade: 'Arbeiten beurteilen', talk: 'in Diskussionen antworten und sie moderieren', learners: 'sehen, wer darin lernt' },
  },
  account: {
    confirm: {
      subject: (school) => `Bestätigen Sie Ihre Adresse für ${school}`,
      text: 'Es fehlt noch ein Schritt: Bestätigen Sie, dass diese Adresse Ihnen gehört.',
      action: 'Adresse bestätigen',
      after: (hours) => `Der Link gilt ${hours} Stunden. Wenn Sie sich nicht angemeldet haben, beachten Sie diese E-Mail nicht; dann geschieht nichts.`,
    },
    known: {
      subject: (school) => `Sie haben bereits ein Konto bei ${school}`,
      text: 'Jemand, wahrscheinlich Sie, wollte mit dieser Adresse ein Konto anlegen. Zu ihr gibt es schon eines: Melden Sie sich einfach an. Wenn Sie das Passwort vergessen haben, wählen Sie ein neues.',
      action: 'Neues Passwort wählen',
      after: 'Der Link gilt eine Stunde. Wenn Sie es nicht waren, beachten Sie diese E-Mail nicht: Es hat sich nichts geändert.',
    },
    reset: {
      subject: (school) => `Wählen Sie ein neues Passwort für ${school}`,
      text: 'Hier ist der Link, mit dem Sie ein neues Passwort wählen.',
      action: 'Neues Passwort wählen',
      after: 'Der Link gilt eine Stunde. Wenn Sie ihn nicht angefordert haben, beachten Sie diese E-Mail nicht: Ihr Passwort bleibt, wie es ist.',
    },
    changed: {
      subject: (school) => `Ihr Passwort bei ${school} wurde geändert`,
      text: 'Ihr Passwort wurde soeben geändert, und Sie wurden überall sonst abgemeldet.',
      action: 'Zur Schule',
      after: 'Wenn Sie es nicht waren, wählen Sie auf der Anmeldeseite sofort ein neues Passwort, und sehen Sie nach Ihrem Postfach.',
    },
  },
}
