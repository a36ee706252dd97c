/** Tells the operator that something wants a person's attention. `id` makes it idempotent: the same alert is told once, and after months perhaps once more. */
export type Alert = { id: string; subject: string; text: string }

export type Alerts = { tell(alert: Alert): Promise<void> }
