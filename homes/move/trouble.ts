/** A school that is not moved, in a sentence for its operator. */
export class MoveTrouble extends Error {
  readonly code = 'cannot-move'
}
