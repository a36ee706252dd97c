type Identity = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

/**
 * Takes the place of the SDK's `@aws-sdk/credential-provider-node` in the bundles: Lambda gives a function its role's keys in the
 * environment, so that the six other ways to come by keys, which each cold start would read, are left out.
 */
export const defaultProvider = () => async (): Promise<Identity> => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: is this a Lambda function?')
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
}
