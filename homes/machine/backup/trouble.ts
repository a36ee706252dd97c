/** A backup or a restoring that does not take place, in a sentence for its operator. */
export class BackupTrouble extends Error {
  readonly code = 'cannot-back-up'
}
