/** A message to one person. Both bodies are made by the sender; `id` becomes the Message-ID, so a mail sent twice is one to its reader. */
export type Letter = {
  id: string
  /** What it is about, in one word: what a log of letters says in place of its subject. */
  kind?: string
  /** The event it is written of, where its own id does not bear that one's: by it, what was given up over this letter is found. */
  event?: string
  to: string
  subject: string
  text: string
  html: string
  /** Where a POST stops letters of this kind, by RFC 8058; only of letters that one may stop. */
  unsubscribeUrl?: string
}

export type Mail = { send(letter: Letter): Promise<void> }
