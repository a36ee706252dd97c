import { shop } from './shop/en.ts'

/** What the school writes to people, in English: the source of the other languages, each in a file of its own beside this one. */
export const en = {
  /** Around every letter. */
  frame: {
    open: 'Open it',
    stop: 'Stop e-mails of this kind',
    choose: 'Choose what you get e-mails about',
    hello: 'Hello,',
    helloTo: (name: string) => `Hello ${name},`,
  },
  digest: {
    one: (subject: string) => `Since yesterday: ${subject}`,
    many: (count: number) => `${count} things since yesterday`,
    lead: 'This is what you asked to be told of once a day.',
    more: (count: number) => `And ${count} more, which you find among your notifications.`,
    open: 'Open your notifications',
  },
  talk: {
    reply: (by: string, title: string) => `${by} replied: ${title}`,
    mention: (by: string, title: string) => `${by} mentioned you: ${title}`,
    question: (by: string, title: string) => `${by} asks: ${title}`,
    reported: (by: string, title: string) => `Reported: what ${by} wrote in “${title}”`,
    hidden: (title: string) => `Your post was hidden: ${title}`,
    locked: (title: string) => `Your discussion was locked: ${title}`,
    reason: (by: string, reason: string) => `${by} gave this reason: ${reason}`,
  },
  assignment: {
    handedIn: (by: string, title: string) => `${by} has handed in: ${title}`,
    again: (number: number) => `It is try ${number}.`,
    passed: (title: string) => `You have passed: ${title}`,
    cameBack: (title: string) => `Your work came back: ${title}`,
  },
  certificate: {
    issued: (title: string) => `Your certificate: ${title}`,
    issuedText: (title: string) => `You have completed “${title}”. Your certificate is there to be shown, and whoever has its address can verify it.`,
    revoked: (title: string) => `Your certificate was revoked: ${title}`,
  },
  helping: {
    coTeacher: (by: string, title: string) => `${by} has made you a co-teacher of “${title}”`,
    assistant: (by: string, title: string) => `${by} has made you an assistant in “${title}”`,
    noMore: (title: string) => `You no longer help with “${title}”`,
    together: 'You teach it together.',
    may: (rights: string) => `You may ${rights}.`,
    rights: { edit: 'write it', grade: 'judge work', talk: 'answer and moderate talk', learners: 'see who learns in it' },
  },
  account: {
    confirm: {
      subject: (school: string) => `Confirm your address for ${school}`,
      text: 'One step is left: confirm that this address is yours.',
      action: 'Confirm my address',
      after: (hours: number) => `The link works for ${hours} hours. If you did not sign up, ignore this e-mail and nothing happens.`,
    },
    known: {
      subject: (school: string) => `You already have an account at ${school}`,
      text: 'Someone, probably you, tried to sign up with this address. It has an account already, so just sign in. If you have forgotten the password, choose a new one.',
      action: 'Choose a new password',
      after: 'The link works for an hour. If it was not you, ignore this e-mail: nothing has changed.',
    },
    reset: {
      subject: (school: string) => `Choose a new password for ${school}`,
      text: 'Here is the link to choose a new password.',
      action: 'Choose a new password',
      after: 'The link works for an hour. If you did not ask for it, ignore this e-mail: your password stays as it is.',
    },
    changed: {
      subject: (school: string) => `Your password at ${school} was changed`,
      text: 'Your password was changed just now, and you were signed out everywhere else.',
      action: 'Go to the school',
      after: 'If it was not you, choose a new password at once from the sign-in page, and look after your mailbox.',
    },
    newAddress: {
      subject: (school: string) => `Confirm your new address for ${school}`,
      text: 'Somebody with an account at the school wants to use this address from now on. Confirm that it is yours.',
      action: 'Use this address',
      after: (hours: number) => `The link works for ${hours} hours. If it was not you, ignore this e-mail and nothing happens.`,
    },
    takenAddress: {
      subject: (school: string) => `This address already has an account at ${school}`,
      text: 'Somebody wanted to use this address for another account. It has one already, so nothing was changed.',
      action: 'Go to the school',
      after: 'If that was you, sign in with this address, or choose another for the other account.',
    },
    leavingAddress: {
      subject: (school: string) => `Your address at ${school} is to be changed`,
      text: (email: string) => `Somebody who is signed in as you asked to use ${email} from now on. Until that address is confirmed, this one stays.`,
      action: 'Look at my account',
      after: 'If it was not you, change your password at once: that ends all other sessions, and takes the change back.',
    },
    moved: {
      subject: (school: string) => `Your address at ${school} was changed`,
      text: (email: string) => `From now on you sign in with ${email}, and the school writes to you there.`,
      action: 'Go to the school',
      after: 'If it was not you, write to the school.',
    },
    secured: {
      subject: (what: string, school: string) => `${what} at ${school}`,
      text: (what: string) => `${what} just now.`,
      authenticatorAdded: 'An authenticator app was added to your account',
      authenticatorRemoved: 'The authenticator app was taken from your account',
      passkeyAdded: 'A passkey was added to your account',
      passkeyRemoved: 'A passkey was taken from your account',
      providerAdded: (name: string) => `Signing in with ${name} was added to your account`,
      action: 'Look at my account',
      after: 'If it was not you, change your password at once and look at what can sign you in.',
    },
  },
  token: {
    subject: (name: string) => `An access token was made: ${name}`,
    made: (school: string) => `Somebody who is signed in with your account has made an access token for a program at ${school}.`,
    called: (name: string, hint: string, until: string) => `It is called “${name}”, ends in ${hint}, and holds until ${until}.`,
    after: 'If that was you, there is nothing to do. If it was not, revoke it, and change your password: that ends every token and every session.',
    action: 'See my tokens',
  },
  viewer: {
    lesson: 'a lesson',
    subject: 'Your account loads videos faster than they can be watched',
    text: (lesson: string) => `Someone, or some program, signed in as you is loading “${lesson}” far faster than anyone can watch it.`,
    slowed:
      'For a while your videos come at four times their own speed and no faster, which is enough to watch them at any speed there is. Nothing else has changed. Nobody accuses you of anything, and there is nothing you have to do.',
    after: 'If it was not you, somebody else may be using your account: choose a new password on the sign-in page.',
    action: 'Open your courses',
  },
  leaving: {
    asked: {
      subject: 'Your account will be erased',
      text: (day: string) => `You have asked us to erase your account and all that we know of you. That happens on ${day}, and cannot be undone.`,
      after: 'Until then you can change your mind. If it was not you who asked, change your password as well.',
      action: 'Stay after all',
    },
    hindered: {
      subject: 'Your account was not erased',
      text: 'You had asked us to erase your account, and its day has come. We have not done so, and everything is as it was.',
      because: {
        teaches: 'You teach courses by now, which others have paid for: hand them over to somebody else first, and ask again.',
        membership: 'A membership or plan of yours is being paid by now: end it first, and ask again.',
        staff: 'You are one of the staff by now: an admin can erase your account, or take your role from you so that you can ask again.',
      },
      action: 'Open your account',
    },
  },
  shop,
}

export type Words = typeof en
