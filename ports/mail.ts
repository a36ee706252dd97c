/** A message to one person. Both bodies are made by the sender; `id` becomes the Message-ID, so a mail sent twice is one to its reader. */
export type Letter = {
  id: string
  /** What it is about, in one word: what a log of letters says in place of its subject. */
  kind?: string
  /** The event this letter was written for, needed where `id` does not contain that event's id: so the log of letters can find the delivery that was given up. */
  event?: string
  to: string
  subject: string
  text: string
  html: string
  /** Where a POST stops letters of this kind, by RFC 8058; only of letters that one may stop. */
  unsubscribeUrl?: string
}

export type Mail = { send(letter: Letter): Promise<void> }
