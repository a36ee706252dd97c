/** As people type it, in capitals: letters, digits and dashes. */
export const COUPON_CODE = /^[A-Z0-9-]{3,30}$/
