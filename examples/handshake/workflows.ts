// What the runner executes: CNCF Serverless Workflow 1.0 documents.

export const fulfilOrder = `
document:
  dsl: 1.0.0
  namespace: shop
  name: fulfil-order
  version: 1.2.0
  summary: Reserves the stock of an order and tells the customer
use:
  secrets:
    - STOCK_API_KEY
do:
  - checkOrder:
      set:
        orderId: \${ .message.orderId }
        items: \${ .message.items }
        channel: \${ .metadata.channel }
  - reserveStock:
      call: http
      with:
        method: post
        endpoint:
          uri: \${ $workflow.input.env.STOCK_URL }
          authentication:
            bearer:
              token: \${ $secrets.STOCK_API_KEY }
        body:
          orderId: \${ .orderId }
          items: \${ .items }
  - notifyCustomer:
      emit:
        event:
          with:
            source: https://shop.example.com/orders
            type: com.example.shop.order.reserved.v1
            data:
              reservationId: \${ .reservationId }
`;

export const refundOrder = `
document:
  dsl: 1.0.0
  namespace: shop
  name: refund-order
  version: 1.0.0
  summary: Refunds an order, unless it has been shipped
do:
  - checkOrder:
      set:
        orderId: \${ .message.orderId }
  - refuse:
      raise:
        error:
          type: https://shop.example.com/errors/already-shipped
          status: 409
          title: The order has been shipped already
  - pay:
      emit:
        event:
          with:
            source: https://shop.example.com/orders
            type: com.example.shop.order.refunded.v1
`;

export const handleCheckout = `
document:
  dsl: 1.0.0
  namespace: shop
  name: handle-checkout
  version: 2.0.0
  summary: Has the order fulfilled by another workflow, then closes the checkout
do:
  - fulfil:
      run:
        workflow:
          namespace: shop
          name: fulfil-order
          version: 1.2.0
  - closeCheckout:
      set:
        closed: true
        reservationId: \${ .reservationId }
`;

/** The documents by their names, as a registry of workflows would have them. */
export const workflows: ReadonlyMap<string, string> = new Map([
  ["fulfil-order", fulfilOrder],
  ["refund-order", refundOrder],
  ["handle-checkout", handleCheckout],
]);
