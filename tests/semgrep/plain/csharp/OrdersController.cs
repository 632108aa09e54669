using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Example.Plain;

/// <summary>Shows orders, and takes new ones.</summary>
[ApiController]
[Route("orders")]
public sealed class OrdersController : ControllerBase
{
    private readonly OrdersContext _orders;

    public OrdersController(OrdersContext orders)
    {
        _orders = orders;
    }

    [HttpGet("{id:int}")]
    public async Task<ActionResult<Order>> Get(int id, CancellationToken cancellation)
    {
        var order = await _orders.Orders.SingleOrDefaultAsync(o => o.Id == id, cancellation);
        return order is null ? NotFound() : order;
    }

    [HttpPost]
    public async Task<ActionResult<Order>> Add(NewOrder entry, CancellationToken cancellation)
    {
        var order = new Order(entry.Article, entry.Count);
        _orders.Orders.Add(order);
        await _orders.SaveChangesAsync(cancellation);
        return CreatedAtAction(nameof(Get), new { id = order.Id }, order);
    }
}
