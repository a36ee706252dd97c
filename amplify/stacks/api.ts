import { Aws, Duration, type Stack } from 'aws-cdk-lib'
import { CfnAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { endpoints } from '../../homes/aws/wiring.ts'
import { functionOf } from '../lib/functions.ts'
import { httpApi } from '../lib/http-api.ts'
import type { Names } from '../lib/names.ts'

/** A class watching at once tells of itself every twenty seconds; a script that asks faster is answered 429. */
const THROTTLE = { ratePerSecond: 500, burst: 1000 }

type Serving = {
  names: Names
  environment: Readonly<Record<string, string>>
  leave: readonly PolicyStatement[]
  userPool: string
  userPoolClient: string
}

/**
 * The contract behind an API of its own. Endpoints for people who have signed in have a route each, so that a request without a token of our
 * pool ends at the gateway and costs nothing. Everything else, and what a person's own access tokens open, goes to the same function, which checks
 * all of them again.
 */
export const apiStack = (stack: Stack, { names, environment, leave, userPool, userPoolClient }: Serving) => {
  const made = functionOf(stack, { names, entry: 'api', environment, leave, timeout: Duration.seconds(29), memoryMb: 1024 })
  const api = httpApi(stack, { id: 'api', names, made, throttle: THROTTLE })
  const authorizer = new CfnAuthorizer(stack, 'people', {
    apiId: api.id,
    name: 'people',
    authorizerType: 'JWT',
    identitySource: ['$request.header.Authorization'],
    // An access token of Cognito names its client and no audience; the gateway compares either.
    jwtConfiguration: { issuer: `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}/${userPool}`, audience: [userPoolClient] },
  })
  for (const { method, path, isJudgedInside } of endpoints) if (!isJudgedInside) api.route(`${method} ${path}`, authorizer.ref)
  api.openRoute('$default', 'Endpoints for anyone, and addresses nothing has: the function decides by the contract, and refuses what it does not know.')
  return { api, function: made }
}
export type Api = ReturnType<typeof apiStack>
