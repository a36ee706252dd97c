import { defineStorage } from '@aws-amplify/backend'

/**
 * Where uploads arrive. Keys below `sources/` are the school's own, signed part by part; below `uploads/<identity>/` a signed-in browser
 * may write by itself, and read nothing. Amplify wants this file here.
 */
export const storage = defineStorage({
  name: 'uploads',
  isDefault: true,
  keepOnDelete: true,
  access: (allow) => ({ 'uploads/{entity_id}/*': [allow.entity('identity').to(['write'])] }),
})
