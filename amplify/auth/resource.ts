import { defineAuth } from '@aws-amplify/backend'
import { postConfirmation } from './post-confirmation/resource.ts'

/** Who learns, teaches and runs the school. Amplify wants this file here. */
export const auth = defineAuth({
  loginWith: { email: true },
  userAttributes: { email: { required: true, mutable: true }, fullname: { required: false, mutable: true } },
  multifactor: { mode: 'OPTIONAL', totp: true },
  accountRecovery: 'EMAIL_ONLY',
  groups: ['owner', 'admin', 'support', 'instructor', 'learner'],
  triggers: { postConfirmation },
})
