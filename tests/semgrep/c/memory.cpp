#include <cstring>
#include <iostream>
#include <string>
#include <vector>

int names()
{
    char name[32];
    char town[32];
    // ruleid: c-cin-into-array
    std::cin >> name;
    // ruleid: c-cin-into-array
    std::cin >> town;
    std::string street;
    // ok: c-cin-into-array
    std::cin >> street;
    int number;
    // ok: c-cin-into-array
    std::cin >> number;
    // ok: c-gets
    std::getline(std::cin, street);
    return number;
}

unsigned char *image(int width, int height, const char *title)
{
    // ruleid: c-product-as-size
    unsigned char *pixels = new unsigned char[width * height];
    char caption[16];
    // ruleid: c-strcpy
    strcpy(caption, title);
    // ok: c-product-as-size
    std::vector<unsigned char> checked(width);
    return pixels;
}

int pick(const std::vector<int> &table, const int *rows)
{
    int index;
    std::cin >> index;
    // ruleid: c-index-from-input
    int value = rows[index];
    // ok: c-index-from-input
    return value + table.at(index);
}

struct Node {
    Node *next;
    int value;
};

int drop(Node *node, Node *other)
{
    delete node;
    // ruleid: c-use-after-free
    int value = node->value;
    Node *next = other->next;
    delete other;
    other = next;
    // ok: c-use-after-free
    return value + other->value;
}
