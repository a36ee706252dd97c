/** What an alert is about: the owner may silence a kind of them. */
export type AlertKind = 'payments' | 'disputes' | 'agreement' | 'films' | 'viewers' | 'series' | 'content' | 'webhooks' | 'deliveries'

/** What reaches the operator as a message. `id` makes it idempotent: the same one is told once, and after months perhaps once more. */
export type Message = { id: string; subject: string; text: string }
/** For so long a messenger tells the same message once; what comes again after that is told anew. */
export const REMEMBERED_MS = 90 * 24 * 3_600_000
/** How the operator is reached: a home's engine. */
export type Messenger = { tell(message: Message): Promise<void> }

/** Something wants a person's attention. The same `id` of a kind is one alert, however often it is told: that it still holds. */
export type Alert = Message & { kind: AlertKind }
/** `tell`: as the owner bears it, now or with others of its kind. `send`: a message as it is, for what `tell` has gathered. */
export type Alerts = { tell(alert: Alert): Promise<void>; send(message: Message): Promise<void> }
