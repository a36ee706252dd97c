import type { Words } from './en.ts'
import { shop } from './shop/de.ts'

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
      after: (hours) => `Der Link gilt ${hours} Stunden. Wenn Sie kein Konto angelegt haben, beachten Sie diese E-Mail nicht; dann geschieht nichts.`,
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
    newAddress: {
      subject: (school) => `Bestätigen Sie Ihre neue Adresse für ${school}`,
      text: 'Jemand, der bei der Schule ein Konto hat, möchte künftig diese Adresse verwenden. Bestätigen Sie, dass sie Ihnen gehört.',
      action: 'Diese Adresse verwenden',
      after: (hours) => `Der Link gilt ${hours} Stunden. Wenn Sie es nicht waren, beachten Sie diese E-Mail nicht; dann geschieht nichts.`,
    },
    takenAddress: {
      subject: (school) => `Diese Adresse hat bereits ein Konto bei ${school}`,
      text: 'Jemand wollte diese Adresse für ein anderes Konto verwenden. Zu ihr gibt es schon eines, daher wurde nichts geändert.',
      action: 'Zur Schule',
      after: 'Wenn Sie es waren, melden Sie sich mit dieser Adresse an, oder wählen Sie für das andere Konto eine andere.',
    },
    leavingAddress: {
      subject: (school) => `Ihre Adresse bei ${school} soll geändert werden`,
      text: (email) => `Jemand, der mit Ihrem Konto angemeldet ist, möchte künftig ${email} verwenden. Bis jene Adresse bestätigt ist, bleibt diese.`,
      action: 'Konto ansehen',
      after: 'Wenn Sie es nicht waren, ändern Sie sofort Ihr Passwort: Das beendet alle anderen Sitzungen und nimmt die Änderung zurück.',
    },
    moved: {
      subject: (school) => `Ihre Adresse bei ${school} wurde geändert`,
      text: (email) => `Ab jetzt melden Sie sich mit ${email} an, und die Schule schreibt Ihnen dorthin.`,
      action: 'Zur Schule',
      after: 'Wenn Sie es nicht waren, schreiben Sie der Schule.',
    },
    secured: {
      subject: (what, school) => `${school}: ${what}`,
      text: (what) => `Das ist soeben geschehen: ${what}.`,
      authenticatorAdded: 'Ihrem Konto wurde eine Authenticator-App hinzugefügt',
      authenticatorRemoved: 'Die Authenticator-App wurde aus Ihrem Konto entfernt',
      passkeyAdded: 'Ihrem Konto wurde ein Passkey hinzugefügt',
      passkeyRemoved: 'Ein Passkey wurde aus Ihrem Konto entfernt',
      providerAdded: (name) => `Ihrem Konto wurde die Anmeldung mit ${name} hinzugefügt`,
      action: 'Konto ansehen',
      after: 'Wenn Sie es nicht waren, ändern Sie sofort Ihr Passwort, und sehen Sie nach, womit man sich bei Ihrem Konto anmelden kann.',
    },
  },
  token: {
    subject: (name) => `Ein Zugriffstoken wurde erstellt: ${name}`,
    made: (school) => `Jemand, der mit Ihrem Konto angemeldet ist, hat ein Zugriffstoken für ein Programm bei ${school} erstellt.`,
    called: (name, hint, until) => `Es heißt „${name}“, endet auf ${hint} und gilt bis ${until}.`,
    after: 'Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, widerrufen Sie es, und ändern Sie Ihr Passwort: Das beendet jedes Token und jede Sitzung.',
    action: 'Meine Tokens ansehen',
  },
  viewer: {
    lesson: 'eine Lektion',
    subject: 'Ihr Konto lädt Videos schneller, als man sie ansehen kann',
    text: (lesson) => `Jemand, der mit Ihrem Konto angemeldet ist, oder ein Programm lädt „${lesson}“ weit schneller, als man es ansehen kann.`,
    slowed:
      'Für eine Weile kommen Ihre Videos mit dem Vierfachen ihrer eigenen Geschwindigkeit und nicht schneller; das genügt, um sie mit jeder angebotenen Geschwindigkeit anzusehen. Sonst hat sich nichts geändert. Niemand wirft Ihnen etwas vor, und Sie müssen nichts tun.',
    after: 'Wenn Sie es nicht waren, benutzt vielleicht jemand anderes Ihr Konto: Wählen Sie auf der Anmeldeseite ein neues Passwort.',
    action: 'Kurse öffnen',
  },
  leaving: {
    asked: {
      subject: 'Ihr Konto wird gelöscht',
      text: (day) =>
        `Sie haben uns gebeten, Ihr Konto und alles zu löschen, was wir von Ihnen wissen. Das geschieht am ${day}, und lässt sich nicht rückgängig machen.`,
      after: 'Bis dahin können Sie es sich anders überlegen. Wenn nicht Sie darum gebeten haben, ändern Sie auch Ihr Passwort.',
      action: 'Doch bleiben',
    },
    hindered: {
      subject: 'Ihr Konto wurde nicht gelöscht',
      text: 'Sie hatten uns gebeten, Ihr Konto zu löschen, und der Tag dafür ist gekommen. Wir haben es nicht getan, und alles ist, wie es war.',
      because: {
        teaches: 'Sie unterrichten inzwischen Kurse, für die andere gezahlt haben: Übergeben Sie sie zuerst jemand anderem, und bitten Sie dann erneut darum.',
        membership: 'Sie zahlen inzwischen für eine Mitgliedschaft oder in Raten: Beenden Sie das zuerst, und bitten Sie dann erneut darum.',
        staff:
          'Sie arbeiten inzwischen für die Schule: Jemand aus der Verwaltung kann Ihr Konto löschen oder Ihnen Ihre Rolle nehmen, damit Sie erneut darum bitten können.',
      },
      action: 'Konto öffnen',
    },
  },
  shop,
}
