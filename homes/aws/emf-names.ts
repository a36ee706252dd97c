/** Where CloudWatch keeps what the school measures itself. */
export const NAMESPACE = 'Lectern'
