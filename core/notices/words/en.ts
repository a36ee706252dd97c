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
  },
}

export type Words = typeof en
