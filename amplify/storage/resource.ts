import { defineStorage } from '@aws-amplify/backend'

/**
 * Where films arrive, below `sources/<person>/`. Who may write there says stacks/media.ts: Amplify's own rules know an identity, and the
 * school knows a person. Amplify wants this file here.
 */
export const storage = defineStorage({
  name: 'uploads',
  isDefault: true,
  keepOnDelete: true,
})
