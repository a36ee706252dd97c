/** What the shop writes to buyers and learners, in English: of orders, receipts, memberships, seats, and of whether a course is open. */
export const shop = {
  order: {
    subject: (title: string) => `You can go on with your order: ${title}`,
    text: (title: string) => `When you ordered “${title}”, the payment page could not be opened. It is there now, at the price you were shown.`,
    uncharged: 'You have not been charged. The page stays open for a day; if you have changed your mind, there is nothing you have to do.',
    action: 'Go on with your order',
  },
  receipt: {
    receipt: {
      subject: (number: string) => `Your receipt ${number}`,
      text: (day: string) => `Thank you. This is your receipt of ${day}.`,
      total: 'Total',
      action: 'Open the receipt',
    },
    credit: {
      subject: (number: string) => `Your credit note ${number}`,
      text: (seller: string) => `${seller} has given money back to you.`,
      textOf: (seller: string, receipt: string) => `${seller} has given money back to you (receipt ${receipt}).`,
      banks: 'Banks may take some days until it is in your account.',
      total: 'Given back',
      action: 'Open the credit note',
    },
    about: (whom: string) => `For ${whom}`,
    taxId: (id: string) => `tax number ${id}`,
    coupon: (code: string) => `Coupon ${code}`,
    tax: 'of which tax',
  },
  membership: {
    what: {
      membership: (title: string) => `your membership “${title}”`,
      instalments: (title: string) => `your instalments for “${title}”`,
    },
    price: { month: (price: string) => `${price} a month`, year: (price: string) => `${price} a year` },
    learn: 'Open your courses',
    manage: 'Open your purchases',
    payNow: 'Pay now',
    kept: 'Your progress is kept.',
    started: {
      plan: {
        subject: (title: string) => `You are in: ${title}`,
        welcome: (title: string) => `Welcome to “${title}”.`,
        parts: (paid: number, count: number, price: string) =>
          `${paid} of ${count} instalments ${paid === 1 ? 'is' : 'are'} paid; ${price} is due each month until all are, and nothing after that.`,
        theirs: 'Its courses are open to you now, and stay yours once the last instalment is paid.',
      },
      welcome: (title: string) => `Welcome to “${title}”. All its courses are open to you now.`,
      trial: {
        subject: (title: string) => `Your trial has begun: ${title}`,
        text: (day: string, price: string) => `You try it free of charge until ${day}. It then costs ${price}, unless you cancel before.`,
      },
      paid: {
        subject: (title: string) => `You are a member: ${title}`,
        text: (day: string, price: string) =>
          `It is paid for until ${day} and is renewed at ${price}. You can cancel at any time, and keep what you have paid for.`,
      },
    },
    failed: {
      confirm: {
        subject: (title: string) => `Please confirm a payment: ${title}`,
        text: (debt: string, what: string) => `Your bank wants you to confirm a payment of ${debt} for ${what}. It takes a minute.`,
        action: 'Confirm the payment',
      },
      first: {
        subject: (title: string) => `A payment did not go through: ${title}`,
        text: (debt: string, what: string) =>
          `A payment of ${debt} for ${what} did not go through. Cards expire, and banks sometimes say no for reasons of their own.`,
      },
      more: {
        subject: (title: string) => `Still not paid: ${title}`,
        text: (what: string) => `We tried your card again for ${what}, and it did not go through.`,
      },
      stays: (moment: string) => `Nothing changes for now: everything stays open to you until ${moment}.`,
      again: (day: string) => `Your card is tried again on ${day}.`,
      notAgain: 'Your card will not be tried again by itself.',
      otherCard: 'You can also pay with another card now.',
    },
    soon: {
      closes: {
        subject: (title: string) => `Your access closes soon: ${title}`,
        text: (debt: string, what: string, moment: string) =>
          `${debt} for ${what} is still owed. Your access closes on ${moment}. Once it is paid, everything goes on.`,
      },
      'trial-ends': {
        subject: (day: string, title: string) => `Your trial ends on ${day}: ${title}`,
        text: (title: string, day: string, price: string) => `Your trial of “${title}” ends on ${day}. From then on it costs ${price}.`,
      },
      renews: {
        subject: (day: string, title: string) => `Renewed on ${day}: ${title}`,
        text: (title: string, day: string, price: string) => `Your membership “${title}” is renewed on ${day} for another year, for ${price}.`,
      },
      stop: 'If you would rather stop, cancel before that day; nothing is charged then.',
    },
    ended: {
      lapsed: {
        subject: (title: string) => `Closed for now: ${title}`,
        text: (debt: string, what: string) => `${debt} for ${what} was not paid, so its courses are closed for now.`,
        again: 'As soon as it is paid they open again, where you left off.',
        action: 'Pay and go on',
      },
      cancelled: {
        subject: (title: string) => `Your membership has ended: ${title}`,
        text: (title: string) => `Your membership “${title}” has run out. Nothing more is charged.`,
        back: 'You are welcome back at any time.',
      },
      refunded: {
        subject: (title: string) => `Refunded: ${title}`,
        text: (title: string) =>
          `What you paid for “${title}” has been given back, and your access has ended with it. Nothing more is charged. Banks may take some days until the money is in your account.`,
      },
      lost: {
        subject: (title: string) => `Ended: ${title}`,
        text: (title: string) =>
          `The dispute about a payment for “${title}” has been decided, and your bank has given you the money back. Your access has ended with it, and nothing more is charged. If you did not dispute it, write to the school.`,
      },
      waits: {
        subject: (title: string) => `On hold: ${title}`,
        text: (title: string) =>
          `Your bank has told us that a payment for “${title}” is disputed, so your access waits until that is decided. If you did not dispute it, ask your bank about it, or write to the school.`,
      },
    },
    changed: {
      cleared: {
        subject: (title: string) => `Open again: ${title}`,
        text: (title: string) => `The dispute about “${title}” has been decided, and everything is open to you again.`,
      },
      ending: {
        subject: (title: string) => `Cancelled: ${title}`,
        text: (title: string, until: string) =>
          `Your membership “${title}” has been cancelled. It stays open to you until ${until}, and nothing more is charged.`,
        mind: 'Until then you can change your mind and resume it.',
      },
      resumed: {
        subject: (title: string) => `It goes on: ${title}`,
        text: (title: string) => `Your membership “${title}” has been resumed.`,
      },
      'other-offer': {
        subject: (title: string) => `Changed: ${title}`,
        text: (title: string) => `Your membership is “${title}” now.`,
      },
      paid: (day: string, price: string) => `It is paid for until ${day} and is renewed then at ${price}.`,
      free: (day: string, price: string) => `It is free until ${day} and is renewed then at ${price}.`,
    },
    recovered: {
      subject: (title: string) => `Paid, all is well: ${title}`,
      paid: (what: string, day: string) => `Thank you: ${what} is paid for until ${day}, and everything is open to you.`,
      free: (what: string, day: string) => `Thank you: ${what} is free until ${day}, and everything is open to you.`,
      last: 'It is not renewed after that.',
    },
    complete: {
      subject: (title: string) => `All paid: ${title}`,
      text: (title: string) => `That was the last instalment for “${title}”. Its courses are yours for good, and nothing more is charged.`,
    },
  },
  seats: {
    what: (title: string) => `“${title}”`,
    whatOf: (title: string, courses: string) => `“${title}” (${courses})`,
    invitation: {
      somebody: 'Somebody',
      gift: {
        subject: (from: string, title: string) => `${from} has a present for you: ${title}`,
        text: (from: string, what: string, school: string) => `${from} has given you ${what} at ${school}.`,
        action: 'Unwrap it',
      },
      team: {
        subject: (from: string, title: string) => `${from} has a seat for you: ${title}`,
        text: (from: string, what: string) => `${from} has bought ${what} for a team, and one seat is yours.`,
        action: 'Take your seat',
      },
      message: (text: string) => `“${text}”`,
      how: 'Open the link and sign in, or make an account: it is yours at once, and costs you nothing.',
    },
    gift: {
      subject: (title: string) => `Your present: ${title}`,
      link: (what: string) => `Here is the link to ${what}. Pass it on: the first who opens it and signs in has it.`,
      sent: (to: string) => `We have written to ${to}. This is the link, should the letter go astray.`,
    },
    team: {
      subject: (title: string) => `Your team’s seats: ${title}`,
      link: (count: number, what: string) =>
        `Your team has ${count} seats in ${what}. Pass the link on: whoever opens it and signs in takes one. The order’s page shows who has.`,
    },
    action: 'Open the order',
  },
  course: {
    /** Of a course that is gone: as a subject ends with it, and as a sentence has it. */
    unnamed: { alone: 'your course', within: 'your course' },
    named: (title: string) => `“${title}”`,
    learn: 'Open your courses',
    welcome: {
      subject: (title: string) => `You are in: ${title}`,
      text: (title: string, teacher: string) => `Welcome to “${title}” with ${teacher}.`,
      lessons: (count: number) => (count === 1 ? 'Its lesson is open to you now.' : `All ${count} lessons are open to you now.`),
      until: (moment: string) => `It is open to you until ${moment}.`,
      action: 'Begin the first lesson',
    },
    ended: {
      refunded: {
        subject: (title: string) => `Refunded: ${title}`,
        text: (what: string) =>
          `What you paid for ${what} has been given back in full, and your access to it has ended. Banks may take some days until the money is in your account.`,
        kept: 'Your progress is kept, should you come back to the course.',
      },
      disputed: {
        subject: (title: string) => `On hold: ${title}`,
        text: (what: string) =>
          `Your bank has told us that the payment for ${what} is disputed, so your access waits until that is decided. If you did not dispute it, ask your bank about it, or write to the school.`,
        kept: 'Your progress is kept.',
      },
      unseated: {
        subject: (title: string) => `Your seat has ended: ${title}`,
        text: (what: string) =>
          `Your seat in ${what} has ended: whoever bought it has given it to somebody else, or their payment did not last. Ask them if you do not know why.`,
        kept: 'Your progress is kept.',
      },
      ended: {
        subject: (title: string) => `Your access has ended: ${title}`,
        text: (what: string) => `The school has ended your access to ${what}. Ask the school if you do not know why.`,
        kept: 'Your progress is kept.',
      },
    },
    page: 'Open the course page',
    returned: {
      subject: (title: string) => `Open again: ${title}`,
      text: (title: string) => `The payment for “${title}” is no longer disputed, and the course is open to you again, with all your progress.`,
    },
  },
}

export type ShopWords = typeof shop
