import { Aws, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { LOGS_KEPT } from './functions.ts'
import { acknowledge } from './nag.ts'
import { arnOf, type Names } from './names.ts'

/** What is kept of a request: no body, no token, no address of a page. */
const LOGGED = {
  at: '$context.requestTime',
  id: '$context.requestId',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
  refused: '$context.authorizer.error',
}

type Throttle = { ratePerSecond: number; burst: number }

const stageOf = (stack: Stack, api: CfnApi, { id, names, throttle }: { id: string; names: Names; throttle: Throttle }): CfnStage => {
  const log = new LogGroup(stack, `${id}-access-log`, {
    logGroupName: `/lectern/${names.prefix}-${id}-access`,
    retention: LOGS_KEPT,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  return new CfnStage(stack, `${id}-stage`, {
    apiId: api.ref,
    stageName: '$default',
    autoDeploy: true,
    accessLogSettings: { destinationArn: log.logGroupArn, format: JSON.stringify(LOGGED) },
    defaultRouteSettings: { throttlingRateLimit: throttle.ratePerSecond, throttlingBurstLimit: throttle.burst, detailedMetricsEnabled: false },
  })
}

/** An HTTP API before one function. `host` is what a distribution reads from. */
export const httpApi = (stack: Stack, { id, names, made, throttle }: { id: string; names: Names; made: IFunction; throttle: Throttle }) => {
  const api = new CfnApi(stack, `${id}-http`, { name: `${names.prefix}-${id}`, protocolType: 'HTTP' })
  const stage = stageOf(stack, api, { id, names, throttle })
  const integration = new CfnIntegration(stack, `${id}-integration`, {
    apiId: api.ref,
    integrationType: 'AWS_PROXY',
    integrationUri: made.functionArn,
    payloadFormatVersion: '2.0',
    timeoutInMillis: 29_000,
  })
  // One permission for all routes: one each, as the construct library makes them, is more than a function's policy holds.
  new CfnPermission(stack, `${id}-permission`, {
    action: 'lambda:InvokeFunction',
    functionName: made.functionArn,
    principal: 'apigateway.amazonaws.com',
    sourceArn: arnOf('execute-api', `${api.ref}/*`),
  })
  const route = (key: string, authorizer?: string): CfnRoute =>
    new CfnRoute(stack, `${id} ${key}`.replace(/[^A-Za-z0-9]+/g, '-'), {
      apiId: api.ref,
      routeKey: key,
      target: `integrations/${integration.ref}`,
      ...(authorizer === undefined ? { authorizationType: 'NONE' } : { authorizationType: 'JWT', authorizerId: authorizer }),
    })
  const openRoute = (key: string, reason: string): void => acknowledge(route(key), reason, 'AwsSolutions-APIG4')
  return { id: api.ref, stage, route, openRoute, host: `${api.ref}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}` }
}
